package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.health.ClusterHealth;
import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.health.HealthChecker;
import dev.osprey.host.io.Balancers;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.HealthTimes;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.host.stats.Stats;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a cluster chooses on a strand that used it before its health checks changed. */
class ClusterStateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final HealthPlan CHECKED =
      new HealthPlan(HealthTimes.every(SECOND, SECOND), 1, 1, 0, null);

  private final Stats stats = new Stats();
  private final LogFiles logs = new LogFiles(stats.counter("dropped"));
  private final HealthBoard board = new HealthBoard();
  private final Loop loop = loop();
  private final Loop checking = loop();
  private final Map<InetSocketAddress, HealthChecker.Outcome> probes = new HashMap<>();
  private final HealthChecker checker =
      new HealthChecker(
          checking, stats, board, (cluster, endpoint, outcome) -> probes.put(endpoint, outcome));
  private final Worker worker =
      new Worker(loop, 1, stats, logs, board, (l, e, t, b, w, outcome) -> {});
  private long number;
  private long seconds;

  private static Loop loop() {
    return new Loop(0, IoModel.REACTOR, Runnable::run, UnpooledByteBufAllocator.DEFAULT);
  }

  @AfterEach
  void stop() {
    logs.close();
  }

  private static InetSocketAddress endpoint(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private Generation generation(@Nullable HealthPlan health, int... ports) {
    List<InetSocketAddress> endpoints =
        IntStream.of(ports).mapToObj(ClusterStateTest::endpoint).toList();
    ClusterPlan cluster =
        new ClusterPlan(
            0,
            "app",
            endpoints,
            SECOND,
            SECOND,
            9,
            9,
            9,
            1024,
            Balancers.inTurn(ports.length),
            null,
            health);
    return new Generation(++number, Map.of(), Map.of("app", cluster), Map.of(), Set.of(), "");
  }

  private void strandAdopts(Generation next) {
    loop.adopt(next, () -> worker.clusters().begin(next), (moving, slice) -> {});
    while (worker.clusters().adoptSome()) {
      // There is more.
    }
  }

  private void checkerAdopts(Generation next) {
    checking.adopt(next, () -> checker.begin(next), (moving, slice) -> {});
    while (checker.adoptSome()) {
      // There is more.
    }
  }

  private void publish(Generation next) {
    checkerAdopts(next);
    strandAdopts(next);
  }

  /** All are asked; those on {@code ill} say that they are not well. */
  private void probe(Integer... ill) {
    probes.clear();
    seconds += 10;
    checking.wheel().advance(checking.now() + seconds * 1_000_000_000L);
    Set<Integer> bad = Set.of(ill);
    new ArrayList<>(probes.entrySet())
        .forEach(
            one -> one.getValue().answered(bad.contains(one.getKey().getPort()) ? "ill" : null));
  }

  /** The ports chosen in many turns; empty when the cluster says it has none. */
  private Set<Integer> chosen() {
    Set<Integer> ports = new HashSet<>();
    ClusterState state = worker.clusters().find(new NamedCluster("app", 0));
    for (int i = 0; i < 20; i++) {
      Endpoint next = Objects.requireNonNull(state).nextEndpoint(null);
      if (next != null) {
        ports.add(next.address().getPort());
        next.left();
      }
    }
    return ports;
  }

  @Test
  void leavesIllEndpointsOut_whenChecksAreAddedToAClusterInUse() {
    publish(generation(null, 1, 2));
    assertThat(chosen()).containsExactlyInAnyOrder(1, 2);
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
  }

  @Test
  void takesAllEndpointsAgain_whenChecksAreRemoved() {
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
    publish(generation(null, 1, 2));
    assertThat(chosen()).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void answersAgain_whenTheChecksOfAClusterThatIsDownAreRemoved() {
    publish(generation(CHECKED, 1, 2));
    probe(1, 2);
    assertThat(chosen()).isEmpty();
    publish(generation(null, 1, 2));
    assertThat(chosen()).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void believesTheNewChecks_whenChecksCameBack() {
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
    publish(generation(null, 1, 2));
    publish(generation(CHECKED, 1, 2));
    probe(1);
    assertThat(chosen()).containsExactly(2);
  }

  @Test
  void believesTheNewChecks_whenTheStrandWasAheadOfWhoChecks() {
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
    Generation without = generation(null, 1, 2);
    Generation with = generation(CHECKED, 1, 2);
    strandAdopts(without);
    strandAdopts(with);
    checkerAdopts(without);
    assertThat(chosen()).as("there is no better knowledge yet").containsExactly(1);
    checkerAdopts(with);
    probe(1);
    assertThat(chosen()).containsExactly(2);
  }

  @Test
  void believesTheNewChecks_whenAnEndpointWentAndCameBehindItsBack() {
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
    Generation back = generation(CHECKED, 1, 2);
    strandAdopts(back);
    checkerAdopts(generation(CHECKED, 1));
    checkerAdopts(back);
    probe();
    assertThat(chosen()).containsExactlyInAnyOrder(1, 2);
    probe(1);
    assertThat(chosen()).containsExactly(2);
  }

  @Test
  void aStrandThatLagsBehind_leavesIllEndpointsOut_thatAreCheckedNoMore() {
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
    Generation next = generation(CHECKED, 1);
    checkerAdopts(next);
    assertThat(chosen()).containsExactly(1);
    strandAdopts(next);
    assertThat(chosen()).containsExactly(1);
  }

  @Test
  void aStrandThatLagsBehind_leavesIllEndpointsOut_whenNothingIsCheckedAnyMore() {
    publish(generation(CHECKED, 1, 2));
    probe(2);
    assertThat(chosen()).containsExactly(1);
    Generation next = generation(null, 1);
    checkerAdopts(next);
    assertThat(chosen()).containsExactly(1);
    strandAdopts(next);
    assertThat(chosen()).containsExactly(1);
  }

  @Test
  void aStrandThatLagsBehind_makesNoEndpointAnew() {
    publish(generation(CHECKED, 1, 2));
    probe();
    assertThat(chosen()).containsExactlyInAnyOrder(1, 2);
    checkerAdopts(generation(CHECKED, 1));
    assertThat(chosen()).containsExactlyInAnyOrder(1, 2);
    probe(1);
    ClusterHealth health = Objects.requireNonNull(board.find("app"));
    assertThat(health.state(endpoint(2))).isNull();
    assertThat(health.isDown()).isTrue();
  }
}
