// Shared by the benchmark's generators: counts of latencies and their quantiles.
#ifndef HISTOGRAM_H
#define HISTOGRAM_H
#include <stdint.h>

// Latencies in microseconds: exact below 1024, then 1024 steps an octave, which is 0.1 %.
#define STEPS 1024
static uint64_t counts[STEPS * 24];

static inline int slot_of(uint64_t us) {
  if (us < STEPS) return (int)us;
  int octave = 63 - __builtin_clzll(us) - 10;
  int slot = STEPS * (octave + 1) + (int)((us >> octave) - STEPS);
  return slot < STEPS * 24 ? slot : STEPS * 24 - 1;
}

static inline uint64_t value_of(int slot) {
  if (slot < STEPS) return (uint64_t)slot;
  int octave = slot / STEPS - 1;
  return (uint64_t)(slot % STEPS + STEPS) << octave;
}

static inline uint64_t quantile(double q, uint64_t total) {
  uint64_t seen = 0;
  for (int i = 0; i < STEPS * 24; i++) {
    seen += counts[i];
    if (seen > 0 && (double)seen >= q * (double)total) return value_of(i);
  }
  return 0;
}
#endif
