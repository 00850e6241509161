package dev.osprey.lb.leastrequest;

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
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeastRequestTest {
  private static final int ROUNDS = 40_000;

  private static LoadBalancer over(String json, int... weights) {
    ConfigNode config = ConfigNodes.json(json);
    LoadBalancer balancer =
        new LeastRequestFactory()
            .plan(config, new FakePlanContext("1.0.0"))
            .over(Weights.of(weights));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return balancer;
  }

  private static double[] shares(LoadBalancer balancer, FakeLoadState state, int size) {
    Random random = new Random(7);
    double[] shares = new double[size];
    for (int i = 0; i < ROUNDS; i++) {
      shares[balancer.pick(state, random.nextInt())] += 1.0 / ROUNDS;
    }
    return shares;
  }

  @Property(tries = 50)
  void sharesByWeight_whileNothingIsOpen(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 50) Integer> drawn) {
    int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
    double total = Arrays.stream(weights).sum();
    for (String json :
        new String[] {"{}", "{'choice_count': 5}", "{'selection_method': 'FULL_SCAN'}"}) {
      double[] shares =
          shares(over(json, weights), new FakeLoadState(weights.length), weights.length);
      for (int i = 0; i < weights.length; i++) {
        assertThat(shares[i]).isCloseTo(weights[i] / total, within(0.02));
      }
    }
  }

  @Test
  void sparesTheBusyOne_unlessItIsDrawnTwice() {
    double[] shares = shares(over("{}", 1, 1, 1, 1), new FakeLoadState(4).active(0, 1), 4);
    assertThat(shares[0]).isCloseTo(1 / 16.0, within(0.01));
    assertThat(shares[1]).isCloseTo(5 / 16.0, within(0.01));
    shares = shares(over("{'choice_count': 4}", 1, 1, 1, 1), new FakeLoadState(4).active(0, 1), 4);
    assertThat(shares[0]).isCloseTo(1 / 256.0, within(0.005));
  }

  @Test
  void comparesInProportionToTheWeights() {
    FakeLoadState state = new FakeLoadState(2).active(0, 2).active(1, 2);
    double[] shares = shares(over("{}", 3, 1), state, 2);
    assertThat(shares[1]).as("only when drawn twice").isCloseTo(1 / 16.0, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 16})
  void takesTheLeastOfAll_whenItScansAll(int size) {
    int[] weights = new int[size];
    Arrays.fill(weights, 1);
    LoadBalancer balancer = over("{'selection_method': 'FULL_SCAN'}", weights);
    Random random = new Random(3);
    for (int round = 0; round < 1_000; round++) {
      FakeLoadState state = new FakeLoadState(size);
      int least = Integer.MAX_VALUE;
      for (int i = 0; i < size; i++) {
        int open = random.nextInt(20);
        state.active(i, open);
        least = Math.min(least, open);
      }
      assertThat(state.active(balancer.pick(state, random.nextInt()))).isEqualTo(least);
    }
  }

  @Test
  void keepsEndpointsOfEqualSpeedEquallyBusy_andSlowOnesBelowTheirTurn() {
    LoadBalancer balancer = over("{}", 1, 1, 1);
    FakeLoadState state = new FakeLoadState(3);
    Random random = new Random(9);
    int[] sent = new int[3];
    for (int step = 0; step < 30_000; step++) {
      int chosen = balancer.pick(state, random.nextInt());
      sent[chosen]++;
      state.active(chosen, state.active(chosen) + 1);
      for (int i = 0; i < 3; i++) {
        // Endpoint 2 answers five times as slowly as the others.
        if (state.active(i) > 0 && random.nextInt(i == 2 ? 10 : 2) == 0) {
          state.active(i, state.active(i) - 1);
        }
      }
    }
    assertThat(sent[0]).isCloseTo(sent[1], within(1_000));
    assertThat(sent[2]).isLessThan(sent[0] / 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'choice_count': 1}; choice_count: expected a whole number from 2 to 100",
        "{'active_request_bias': {}}; found \"active_request_bias\"",
        "{'selection_method': 'ANY'}; selection_method: expected one of N_CHOICES, FULL_SCAN",
      })
  void refusesSettingsItDoesNotKnow(String json, String problem) {
    ConfigNode config = ConfigNodes.json(json);
    var _ = new LeastRequestFactory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).contains(problem);
  }
}
