package dev.osprey.host.plan;

import dev.osprey.jmh.Trees;
import dev.osprey.spi.Factory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a lease costs: taken and given back on one loop, and the sum over all of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LeaseBenchmark {
  private final Extension extension =
      new Extension("codec", new Named(), "dev.osprey.codec.http1", "1.0.0", 1, "hash", 8);

  private record Named() implements Factory {
    @Override
    public String name() {
      return "http1";
    }

    @Override
    public List<String> configTypes() {
      return List.of(Trees.class.getName());
    }
  }

  @Benchmark
  public Extension takeAndGiveBack() {
    extension.lease(3);
    extension.release(3);
    return extension;
  }

  @Benchmark
  public int sumOverEightLoops() {
    return extension.leases();
  }
}
