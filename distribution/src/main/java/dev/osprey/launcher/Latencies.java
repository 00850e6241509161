package dev.osprey.launcher;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts durations in steps of 0.1 ms up to 10 s; safe for any number of threads. */
final class Latencies {
  private static final long STEP_NANOS = 100_000;
  private static final int STEPS = 100_000;

  private final AtomicLongArray counts = new AtomicLongArray(STEPS);
  private final AtomicLong longest = new AtomicLong();

  void add(long nanos) {
    counts.incrementAndGet(Math.clamp(nanos / STEP_NANOS, 0, STEPS - 1));
    longest.accumulateAndGet(nanos, Math::max);
  }

  long count() {
    long sum = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  Duration longest() {
    return Duration.ofNanos(longest.get());
  }

  /** The upper end of the step that holds a share of all durations, 0.99 for the p99. */
  Duration quantile(double share) {
    long wanted = (long) Math.ceil(count() * share);
    long seen = 0;
    for (int i = 0; i < STEPS; i++) {
      seen += counts.get(i);
      if (seen >= wanted) {
        return Duration.ofNanos((i + 1) * STEP_NANOS);
      }
    }
    return longest();
  }
}
