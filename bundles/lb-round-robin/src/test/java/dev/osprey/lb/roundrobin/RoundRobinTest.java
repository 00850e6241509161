package dev.osprey.lb.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.Weights;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakeLoadState;
import dev.osprey.testkit.FakePlanContext;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private static int[] hits(LoadBalancer balancer, int endpoints, int from, int turns) {
    FakeLoadState state = new FakeLoadState(endpoints);
    int[] hits = new int[endpoints];
    for (int turn = from; turn < from + turns; turn++) {
      hits[balancer.pick(state.turn(turn), 4711)]++;
    }
    return hits;
  }

  @Property(tries = 100)
  void visitsEachAsOftenAsItsWeightSays_inEveryRound(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 50) Integer> drawn,
      @ForAll int from) {
    int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
    int total = Arrays.stream(weights).sum();
    int start = Math.min(from & Integer.MAX_VALUE, Integer.MAX_VALUE - total) / total * total;
    assertThat(hits(RoundRobin.over(Weights.of(weights)), weights.length, start, total))
        .isEqualTo(weights);
  }

  @Test
  void spreadsTheVisitsOfAHeavyEndpoint() {
    LoadBalancer balancer = RoundRobin.over(Weights.of(4, 2));
    FakeLoadState state = new FakeLoadState(2);
    StringBuilder order = new StringBuilder();
    for (int turn = 0; turn < 6; turn++) {
      order.append(balancer.pick(state.turn(turn), 0));
    }
    assertThat(order).hasToString("010010");
  }

  @Test
  void keepsTheSharesOfWeightsThatAreTooGreatForARound() {
    int[] hits = hits(RoundRobin.over(Weights.of(Integer.MAX_VALUE, 1_000_000_007)), 2, 0, 100_000);
    double share = (double) Integer.MAX_VALUE / (Integer.MAX_VALUE + 1_000_000_007L);
    assertThat(hits[0] / 100_000.0).isCloseTo(share, within(0.001));
  }

  @Test
  void refusesSettingsItDoesNotKnow() {
    ConfigNode config = ConfigNodes.json("{'slow_start_config': {}}");
    var _ = new RoundRobinFactory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).contains("found \"slow_start_config\"");
  }
}
