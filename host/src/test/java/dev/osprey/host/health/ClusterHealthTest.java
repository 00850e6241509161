package dev.osprey.host.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.HealthTimes;
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

  private static HealthPlan plan() {
    Duration second = Duration.ofSeconds(1);
    return new HealthPlan(HealthTimes.every(second, second), 3, 2, 0, null);
  }

  private ClusterHealth allHealthy(double panicPercent) {
    health.adopt(FOUR, panicPercent);
    for (int i = 0; i < 4; i++) {
      probed(i, null);
    }
    return health;
  }

  private boolean probed(int endpoint, @Nullable String fault) {
    return health.probed(health.of(FOUR.get(endpoint)), fault, false, plan());
  }

  private void fail(int endpoint) {
    for (int i = 0; i < 3; i++) {
      probed(endpoint, "down");
    }
  }

  @Test
  void takesAsManyFailuresInARowAsItIsTold() {
    allHealthy(50);
    assertThat(probed(0, "down")).isFalse();
    assertThat(probed(0, "down")).isFalse();
    assertThat(probed(0, null)).isFalse();
    assertThat(probed(0, "down")).isFalse();
    assertThat(probed(0, "down")).isFalse();
    assertThat(health.of(FOUR.get(0)).isHealthy()).isTrue();
    assertThat(health.of(FOUR.get(0)).isOnEdge()).isTrue();
    assertThat(health.state(FOUR.get(0))).isEqualTo("failing: down");
    assertThat(probed(0, "down")).isTrue();

    assertThat(health.of(FOUR.get(0)).isHealthy()).isFalse();
    assertThat(health.of(FOUR.get(0)).isOnEdge()).isFalse();
    assertThat(health.state(FOUR.get(0))).isEqualTo("unhealthy: down");
    assertThat(health.excludesSome()).isTrue();
    assertThat(probed(0, null)).isFalse();
    assertThat(probed(0, "down")).isFalse();
    assertThat(probed(0, null)).isFalse();
    assertThat(probed(0, null)).isTrue();
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.state(FOUR.get(0))).isEqualTo("healthy");
  }

  @Test
  void believesAnEndpointThatSaysItIsNotWell() {
    allHealthy(50);
    assertThat(health.probed(health.of(FOUR.get(0)), "status 503", true, plan())).isTrue();
    assertThat(health.of(FOUR.get(0)).isHealthy()).isFalse();
  }

  @Test
  void leavesOutOneThatWasNotAskedYet_onlyWhenOthersAreHealthy() {
    health.adopt(FOUR.subList(0, 2), 0);
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.isDown()).isFalse();
    assertThat(probed(0, "down")).as("the first probe decides").isTrue();
    assertThat(health.excludesSome()).as("the other may be well").isFalse();
    assertThat(probed(1, null)).isTrue();
    assertThat(health.excludesSome()).isTrue();

    probed(0, null);
    probed(0, null);
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.of(FOUR.get(2)).isHealthy()).as("asked for early").isFalse();
    assertThat(health.excludesSome()).isTrue();
    health.adopt(FOUR, 0);
    assertThat(health.excludesSome()).isTrue();
    assertThat(health.of(FOUR.get(3)).isHealthy()).isFalse();
    assertThat(health.state(FOUR.get(3))).isEqualTo("not checked yet");
    assertThat(health.healthyCount()).isEqualTo(2);
    probed(2, null);
    probed(3, null);
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.healthyCount()).isEqualTo(4);
  }

  @Test
  void panicsBelowTheThreshold() {
    allHealthy(50);
    fail(0);
    fail(1);
    assertThat(health.excludesSome()).isTrue();
    fail(2);
    assertThat(health.excludesSome()).isFalse();
    fail(3);
    assertThat(health.excludesSome()).isFalse();
    assertThat(health.isDown()).isFalse();
    health.adopt(FOUR, 0);
    assertThat(health.isDown()).as("with the new threshold").isTrue();
  }

  @Test
  void withoutPanicAClusterMayBeDown() {
    allHealthy(0);
    for (int i = 0; i < 4; i++) {
      assertThat(health.isDown()).isFalse();
      fail(i);
    }
    assertThat(health.isDown()).isTrue();
  }

  @Test
  void forgetsEndpointsThatAreGone_butNotForAStrandThatStillHoldsThem() {
    allHealthy(50);
    fail(0);
    EndpointHealth held = health.of(FOUR.get(0));
    health.adopt(FOUR.subList(1, 4), 50);
    assertThat(health.excludesSome()).isFalse();
    assertThat(held.isHealthy()).isFalse();
    EndpointHealth early = health.of(FOUR.get(0));
    probed(1, null);
    health.adopt(FOUR, 50);

    assertThat(health.of(FOUR.get(0))).isSameAs(early).isNotSameAs(held);
    assertThat(health.state(FOUR.get(0))).isEqualTo("not checked yet");
  }
}
