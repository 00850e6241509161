package dev.osprey.host.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.io.Balancers;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.HealthTimes;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.stats.Stats;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When endpoints are asked, on a clock that the test moves. */
class HealthCheckerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Loop loop = new Loop(0, IoModel.REACTOR, Runnable::run, ByteBufAllocator.DEFAULT);
  private final Stats stats = new Stats();
  private final HealthBoard board = new HealthBoard();
  private final List<HealthChecker.Outcome> probes = new ArrayList<>();
  private final HealthChecker checker =
      new HealthChecker(loop, stats, board, (cluster, endpoint, outcome) -> probes.add(outcome));
  private long number;

  private static List<InetSocketAddress> endpoints(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .toList();
  }

  private Generation generation(int endpoints, @Nullable HealthTimes times) {
    HealthPlan plan = times == null ? null : new HealthPlan(times, 2, 2, 0, null);
    ClusterPlan cluster =
        new ClusterPlan(
            0,
            "app",
            endpoints(endpoints),
            SECOND,
            SECOND,
            9,
            9,
            9,
            1024,
            Balancers.inTurn(endpoints),
            null,
            plan);
    return new Generation(++number, Map.of(), Map.of("app", cluster), Map.of(), Set.of(), "");
  }

  private void publish(int endpoints, @Nullable HealthTimes times) {
    Generation next = generation(endpoints, times);
    Loop.Takeover takeover =
        new Loop.Takeover() {
          @Override
          public void begin() {
            checker.begin(next);
          }

          @Override
          public boolean goOn() {
            return checker.adoptSome();
          }
        };
    loop.adopt(next, takeover, (moving, slice) -> {});
  }

  /** Lets the wheel turn until so many seconds after now; now stays the loop's, about the start. */
  private int probesAt(double seconds) {
    loop.wheel().advance(loop.now() + (long) (seconds * 1e9));
    return probes.size();
  }

  private HealthChecker.Outcome last() {
    return probes.getLast();
  }

  private long counter(String name) {
    return stats.counters().getOrDefault("cluster.app.health_check." + name, 0L);
  }

  @Test
  void waitsForTheWholeInterval_alsoOneLongerThanTheWheel() {
    publish(1, HealthTimes.every(Duration.ofSeconds(100), SECOND));
    assertThat(probesAt(0.1)).isEqualTo(1);
    last().answered(null);
    assertThat(probesAt(60)).isEqualTo(1);
    assertThat(probesAt(99)).isEqualTo(1);
    assertThat(probesAt(100.2)).isEqualTo(2);
  }

  @Test
  void asksAgainEvenWhenAProbeIsLost() {
    publish(1, HealthTimes.every(SECOND, SECOND));
    assertThat(probesAt(0.1)).isEqualTo(1);
    assertThat(probesAt(1.9)).isEqualTo(1);
    assertThat(probesAt(2.5)).isEqualTo(2);
  }

  @Test
  void doesNotWaitForTheEndOfAnIntervalThatWasShortened() {
    publish(1, HealthTimes.every(Duration.ofSeconds(40), SECOND));
    assertThat(probesAt(0.1)).isEqualTo(1);
    last().answered(null);
    publish(1, HealthTimes.every(Duration.ofSeconds(2), SECOND));
    assertThat(probesAt(1.5)).isEqualTo(1);
    assertThat(probesAt(2.3)).isEqualTo(2);
    publish(1, HealthTimes.every(SECOND, SECOND));
    assertThat(probesAt(2.6)).as("one is under way").isEqualTo(2);
  }

  @Test
  void goesOnAsking_whenAGenerationWithoutChecksWasOverBeforeItWasTakenOver() {
    publish(1, HealthTimes.every(SECOND, SECOND));
    probesAt(0.1);
    last().answered(null);
    loop.adopt(generation(1, null), () -> {}, (moving, slice) -> {});
    assertThat(probesAt(1.5)).as("nobody wants to know").isEqualTo(1);
    publish(1, HealthTimes.every(SECOND, SECOND));
    assertThat(probesAt(2.7)).isEqualTo(2);
  }

  @Test
  void beginsWithManyEndpointsInPortions() {
    publish(200, HealthTimes.every(Duration.ofSeconds(30), SECOND));
    assertThat(probesAt(0.11)).isBetween(64, 128);
    assertThat(probesAt(0.5)).isEqualTo(200);
    publish(201, HealthTimes.every(Duration.ofSeconds(30), SECOND));
    assertThat(probesAt(0.7)).as("those that are known are not asked again").isEqualTo(201);
  }

  @Test
  void takesUnhealthyIntervalsAndJitterIntoAccount() {
    Duration late = Duration.ofSeconds(20);
    publish(1, new HealthTimes(SECOND, late, SECOND, SECOND, late, late, Duration.ZERO, 0));
    assertThat(probesAt(20.2)).as("somewhere in the first 20 seconds").isEqualTo(1);
    last().failed("refused");
    assertThat(probesAt(22)).isEqualTo(2);
  }

  @Test
  void learnsNothingFromAProbeThatIsVoid() {
    publish(1, HealthTimes.every(SECOND, SECOND));
    probesAt(0.1);
    last().answered(null);
    probesAt(1.3);
    last().unknown();
    assertThat(board.of("app").state(endpoints(1).getFirst())).isEqualTo("healthy");
    assertThat(probesAt(3)).isEqualTo(3);
    assertThat(counter("failure")).isZero();
  }

  @Test
  void countsWhatItDoes_andHowManyAreHealthy() {
    publish(2, HealthTimes.every(SECOND, SECOND));
    probesAt(0.1);
    probes.get(0).answered(null);
    probes.get(1).failed("refused");
    assertThat(counter("attempt")).isEqualTo(2);
    assertThat(counter("success")).isEqualTo(1);
    assertThat(counter("failure")).isEqualTo(1);
    assertThat(counter("network_failure")).isEqualTo(1);
    assertThat(counter("healthy")).isEqualTo(1);

    publish(2, null);
    assertThat(counter("healthy")).isZero();
    assertThat(board.find("app")).isNull();
    assertThat(probesAt(5)).as("nobody is asked any more").isEqualTo(2);
  }

  @Test
  void keepsAnEndpointsWordsShortAndHarmless() {
    publish(1, HealthTimes.every(SECOND, SECOND));
    probesAt(0.1);
    last().answered("\u001b[31m" + "x".repeat(1000));
    assertThat(board.of("app").state(endpoints(1).getFirst()))
        .startsWith("unhealthy: ?[31mxxx")
        .hasSizeLessThan(230);
  }

  @Test
  void asksNobodyWhileTheProcessDrains() {
    publish(1, HealthTimes.every(SECOND, SECOND));
    loop.drain();
    assertThat(probesAt(5)).isZero();
  }
}
