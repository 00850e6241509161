package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void findsQuantilesAndTheLongest() {
    for (int i = 1; i <= 1_000; i++) {
      latencies.add(Duration.ofMillis(i).toNanos());
    }

    assertThat(latencies.count()).isEqualTo(1_000);
    assertThat(latencies.quantile(0.99)).isBetween(Duration.ofMillis(990), Duration.ofMillis(991));
    assertThat(latencies.longest()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void countsWhatIsLongerThanItsScale() {
    latencies.add(Duration.ofMinutes(1).toNanos());

    assertThat(latencies.count()).isEqualTo(1);
    assertThat(latencies.longest()).isEqualTo(Duration.ofMinutes(1));
  }
}
