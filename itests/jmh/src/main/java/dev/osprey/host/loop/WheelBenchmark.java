package dev.osprey.host.loop;

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

/** What timers cost beside many others: one set and cancelled, and a tick in which none is due. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WheelBenchmark {
  private static final long FAR = 3_600_000_000_000L;

  /** Timers that rest in the wheel meanwhile, due within an hour. */
  @Param({"10", "10000"})
  public int others;

  private final Wheel wheel = new Wheel();
  private final Wheel.Timer timer = new Wheel.Timer(now -> now + FAR);
  private long now;

  /** Fills the wheel. */
  @Setup
  public void fill() {
    wheel.advance(now);
    for (int i = 0; i < others; i++) {
      wheel.ensure(new Wheel.Timer(due -> due + FAR), FAR / others * i, now);
    }
  }

  /** A timer of a request that ends in time. */
  @Benchmark
  public Wheel.Timer setAndCancel() {
    wheel.ensure(timer, now + 10_000_000_000L, now);
    wheel.cancel(timer);
    return timer;
  }

  /** A tick; the few that are due in it begin anew. */
  @Benchmark
  public Wheel tick() {
    now += Wheel.TICK_NANOS;
    wheel.advance(now);
    return wheel;
  }
}
