package dev.osprey.lb.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.Weights;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakeLoadState;
import dev.osprey.testkit.FakePlanContext;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RandomChoiceTest {
  @Property(tries = 50)
  void givesEachItsShare_whateverIsOpen(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 50) Integer> drawn) {
    int[] given = drawn.stream().mapToInt(Integer::intValue).toArray();
    Weights weights = Weights.of(given);
    LoadBalancer balancer =
        new RandomChoiceFactory()
            .plan(ConfigNodes.empty(), new FakePlanContext("1.0.0"))
            .over(weights);
    FakeLoadState state = new FakeLoadState(given.length).active(0, 100);
    Random random = new Random(7);
    int[] hits = new int[given.length];
    int rounds = 40_000;
    for (int i = 0; i < rounds; i++) {
      hits[balancer.pick(state, random.nextInt())]++;
    }
    for (int i = 0; i < given.length; i++) {
      double share = (double) given[i] / weights.total();
      assertThat((double) hits[i] / rounds).isCloseTo(share, within(0.02));
    }
  }

  @Test
  void refusesSettingsItDoesNotKnow() {
    ConfigNode config = ConfigNodes.json("{'locality_lb_config': {}}");
    var _ = new RandomChoiceFactory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).contains("found \"locality_lb_config\"");
  }
}
