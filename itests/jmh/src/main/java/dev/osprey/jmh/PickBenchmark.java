package dev.osprey.jmh;

import dev.osprey.lb.leastrequest.LeastRequestFactory;
import dev.osprey.lb.random.RandomChoiceFactory;
import dev.osprey.lb.roundrobin.RoundRobinFactory;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problems;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.lb.Weights;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a load balancer's decision costs, by policy, number of endpoints and kind of weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PickBenchmark implements LoadState {
  @Param({"round_robin", "random", "least_request"})
  String policy = "";

  @Param({"3", "1000"})
  int endpoints;

  @Param({"true", "false"})
  boolean equal;

  private LoadBalancer balancer = (state, random) -> 0;
  private int[] open = {};
  private int turn;
  private int random;

  /** Makes the balancer. */
  @Setup
  public void makeBalancer() {
    int[] weights = new int[endpoints];
    for (int i = 0; i < endpoints; i++) {
      weights[i] = equal ? 1 : 1 + i % 7;
    }
    open = new int[endpoints];
    ConfigNode empty =
        ConfigNode.map(Map.of(), new Position("benchmark", 0, 0), "", new Problems());
    balancer = factory().plan(empty, new BenchmarkContext()).over(Weights.of(weights));
  }

  private LoadBalancerFactory factory() {
    return switch (policy) {
      case "round_robin" -> new RoundRobinFactory();
      case "random" -> new RandomChoiceFactory();
      default -> new LeastRequestFactory();
    };
  }

  @Benchmark
  public int pick() {
    turn++;
    random += 0x9E3779B9;
    int chosen = balancer.pick(this, random);
    open[chosen] = turn & 7;
    return chosen;
  }

  @Override
  public int active(int endpoint) {
    return open[endpoint];
  }

  @Override
  public int turn() {
    return turn;
  }
}
