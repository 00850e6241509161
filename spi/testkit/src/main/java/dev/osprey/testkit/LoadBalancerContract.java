package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.lb.Weights;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every load balancer must keep. An author extends this class and gives a configuration. */
public abstract class LoadBalancerContract {
  private static final int ROUNDS = 20_000;

  /** The load balancer under test. */
  protected abstract LoadBalancerFactory factory();

  /** A configuration with every kind of setting. */
  protected abstract ConfigNode config();

  @Test
  void picksAnEndpointThatIsThere_whateverTheNumbers() {
    LoadBalancerPlan plan = plan();
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      Weights weights = weights(random);
      LoadBalancer balancer = plan.over(weights);
      FakeLoadState state = state(random, weights.size());
      for (int number : new int[] {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, i}) {
        assertThat(balancer.pick(state.turn(number), random.nextInt()))
            .isBetween(0, weights.size() - 1);
        assertThat(balancer.pick(state, number)).isBetween(0, weights.size() - 1);
      }
    }
  }

  @Test
  void picksTheSame_fromTheSameNumbers_onManyStrandsAtOnce() throws InterruptedException {
    LoadBalancerPlan plan = plan();
    Random random = new Random(2);
    StrandRunner runner = new StrandRunner();
    for (int i = 0; i < 50; i++) {
      Weights weights = weights(random);
      LoadBalancer balancer = plan.over(weights);
      FakeLoadState state = state(random, weights.size()).turn(random.nextInt());
      int number = random.nextInt();
      int expected = plan.over(weights).pick(state, number);
      StrandRunner.Strand strand = runner.strand();
      for (int round = 0; round < 50; round++) {
        strand.execute(() -> assertThat(balancer.pick(state, number)).isEqualTo(expected));
      }
    }
    runner.awaitIdle();
  }

  @Test
  void makesNoObjects() {
    for (Weights weights : new Weights[] {Weights.of(1, 1, 1, 1), Weights.of(1, 2, 3, 4)}) {
      LoadBalancer balancer = plan().over(weights);
      FakeLoadState state = new FakeLoadState(4).active(1, 3);
      assertThat(spin(balancer, state)).isGreaterThanOrEqualTo(0);
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      long sum = spin(balancer, state);
      long perPick = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
      assertThat(perPick).isZero();
      assertThat(sum).isGreaterThanOrEqualTo(0);
    }
  }

  private static long spin(LoadBalancer balancer, FakeLoadState state) {
    long sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      sum += balancer.pick(state.turn(i), i * 0x9E3779B9);
    }
    return sum;
  }

  private LoadBalancerPlan plan() {
    ConfigNode config = config();
    LoadBalancerPlan plan = factory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  private static Weights weights(Random random) {
    int[] weights = new int[1 + random.nextInt(8)];
    int most = random.nextBoolean() ? 1 : random.nextInt(10) == 0 ? Integer.MAX_VALUE : 100;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + random.nextInt(most);
    }
    return Weights.of(weights);
  }

  private static FakeLoadState state(Random random, int size) {
    FakeLoadState state = new FakeLoadState(size);
    for (int i = 0; i < size; i++) {
      state.active(i, random.nextInt(10) == 0 ? Integer.MAX_VALUE : random.nextInt(5));
    }
    return state;
  }
}
