package dev.osprey.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  private static final long MS = 1_000_000;
  private final Latencies latencies = new Latencies(10_000);

  @Test
  void countsARequestThatOutlivesItsSwapWindow_asOneOfTheSwap() {
    latencies.begin(WindowKind.SWAP, 100 * MS);
    latencies.end(110 * MS);
    latencies.begin(WindowKind.CONTROL, 120 * MS);
    latencies.record(1, 105 * MS, 150 * MS);
    latencies.record(1, 90 * MS, 101 * MS);
    latencies.record(1, 125 * MS, 126 * MS);
    latencies.record(1, 112 * MS, 113 * MS);
    Latencies.Summary summary = latencies.summary();
    assertThat(summary.swap().count()).isEqualTo(2);
    assertThat(summary.control().count()).isEqualTo(1);
    assertThat(summary.all().count()).isEqualTo(4);
    assertThat(summary.stallCount()).isEqualTo(2);
    assertThat(summary.stalls().getFirst().inSwapWindow()).isTrue();
  }

  @Test
  void findsTheDifferenceOfTheTails_withItsInterval() {
    for (long window = 0; window < 40; window++) {
      long start = window * 100 * MS;
      latencies.begin(window % 2 == 0 ? WindowKind.SWAP : WindowKind.CONTROL, start);
      for (long i = 0; i < 200; i++) {
        long micros = 100 + i + (window % 2 == 0 && i > 190 ? 3000 : 0);
        latencies.record(0, start + MS, start + MS + micros * 1000);
      }
      latencies.end(start + 50 * MS);
    }
    Difference difference = latencies.summary().p99Difference();
    assertThat(difference.windows()).isEqualTo(20);
    assertThat(difference.estimate()).isBetween(2900.0, 3100.0);
    assertThat(difference.low()).isLessThanOrEqualTo(difference.estimate());
    assertThat(difference.high()).isGreaterThanOrEqualTo(difference.estimate());
  }

  @Test
  void saysNothing_whenThereWereNoWindows() {
    latencies.record(0, 0, MS);
    assertThat(latencies.summary().p99Difference()).isEqualTo(new Difference(0, 0, 0, 0));
    assertThat(latencies.summary().swap()).isEqualTo(new LatencySummary(0, 0, 0, 0, 0, 0));
  }
}
