package dev.osprey.jmh;

import dev.osprey.host.loop.Wire;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.tcp.BytePair;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a pair of TCP connections costs beside its system calls: a message each way, through
 * network-tcp-proxy, the host's pair and both wires.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Djmh.executor=CUSTOM", "-Djmh.executor.class=dev.osprey.jmh.LoopThreads"})
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class PairBenchmark {
  /** Bytes of a message. */
  @Param({"100", "262144"})
  public int bytes;

  private LoopRig rig;

  /** Makes a loop with one pair on it. */
  @Setup
  public void connect() {
    rig = new LoopRig(new ExchangePlans().pairs());
    ByteChain chain = (ByteChain) rig.listener.chain();
    var _ = new BytePair(rig.worker, rig.listener, chain, rig.tally, rig::accept, () -> {});
    long taken = roundTrip();
    if (taken != 2L * bytes) {
      throw new IllegalStateException("not relayed both ways: " + taken);
    }
  }

  /** A message from the client, and one back. */
  @Benchmark
  public long roundTrip() {
    arrive(rig.downstream);
    arrive(rig.upstream);
    return rig.taken();
  }

  private void arrive(Wire wire) {
    rig.arrive(wire, rig.loop.allocator().directBuffer(bytes).writerIndex(bytes));
  }

  /** Ends the logging thread. */
  @TearDown
  public void close() {
    rig.close();
  }
}
