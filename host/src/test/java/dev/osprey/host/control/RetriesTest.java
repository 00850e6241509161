package dev.osprey.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Retries retries = new Retries();
  private long now;

  /** Seconds until the next try while something waits, at a look each tenth of a second. */
  private long nextTry() {
    long from = now;
    while (!retries.isTime(true, now)) {
      now += SECOND / 10;
    }
    return (now - from) / SECOND;
  }

  @Test
  void waitsTwiceAsLongEachTime_upToAMinute() {
    for (long expected : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(nextTry()).isEqualTo(expected);
    }
  }

  @Test
  void beginsAnewWhenNothingWaitedMeanwhile() {
    nextTry();
    nextTry();
    assertThat(retries.isTime(false, now)).isFalse();
    assertThat(nextTry()).isEqualTo(1);
  }
}
