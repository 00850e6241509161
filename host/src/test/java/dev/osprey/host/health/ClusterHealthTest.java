package dev.osprey.host.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.HealthPlan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When an endpoint is left out. */
class ClusterHealthTest {
  private static final List<InetSocketAddress> FOUR =
      IntStream.range(1, 5)
          .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
          .toList();

  private final ClusterHealth health = new ClusterHealth();

  private static HealthPlan plan(int panicPercent) {
    return new HealthPlan(Duration.ofSeconds(1), Duration.ofSeconds(1), 3, 2, panicPercent, null);
  }

  private boolean probed(int endpoint, @Nullable String fault, int panicPercent) {
    HealthPlan plan = plan(panicPercent);
    boolean changed = health.of(FOUR.get(endpoint)).probed(fault, plan);
    health.count(FOUR, plan);
    return changed;
  }

  private void fail(int endpoint, int panicPercent) {
    for (int i = 0; i < 3; i++) {
      probed(endpoint, "down", panicPercent);
    }
  }

  @Test
  void takesAsManyFailuresInARowAsItIsTold() {
    assertThat(probed(0, "down", 50)).isFalse();
    assertThat(probed(0, "down", 50)).isFalse();
    assertThat(probed(0, null, 50)).isFalse();
    assertThat(probed(0, "down", 50)).isFalse();
    assertThat(probed(0, "down", 50)).isFalse();
    assertThat(health.of(FOUR.get(0)).isHealthy()).isTrue();
    assertThat(health.state(FOUR.get(0))).isEqualTo("failing: down");
    assertThat(probed(0, "down", 50)).isTrue();

    assertThat(health.of(FOUR.get(0)).isHealthy()).isFalse();
    assertThat(health.state(FOUR.get(0))).isEqualTo("unhealthy: down");
    assertThat(health.excludesSome()).isTrue();
    assertThat(probed(0, null, 50)).isFalse();
    assertThat(probed(0, null, 50)).isTrue();
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.state(FOUR.get(0))).isEqualTo("healthy");
  }

  @Test
  void panicsBelowTheThreshold() {
    fail(0, 50);
    fail(1, 50);
    assertThat(health.excludesSome()).isTrue();
    fail(2, 50);
    assertThat(health.excludesSome()).isFalse();
    fail(3, 50);
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.isDown()).isFalse();
  }

  @Test
  void withoutPanicAClusterMayBeDown() {
    for (int i = 0; i < 4; i++) {
      assertThat(health.isDown()).isFalse();
      fail(i, 0);
    }
    assertThat(health.excludesSome()).isTrue();
    assertThat(health.isDown()).isTrue();
  }

  @Test
  void forgetsEndpointsThatAreGone() {
    fail(0, 50);
    health.count(FOUR.subList(1, 4), plan(50));
    health.count(FOUR, plan(50));

    assertThat(health.excludesSome()).isFalse();
    assertThat(health.state(FOUR.get(0))).isEqualTo("not checked yet");
  }
}
