package dev.osprey.jmh;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Connector;
import dev.osprey.host.stream.Worker;
import dev.osprey.host.tcp.BytePair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.time.Duration;
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

  private final EndOfWire client = new EndOfWire();
  private final EndOfWire origin = new EndOfWire();
  private Loop loop;
  private LogFiles logFiles;
  private Wire downstream;
  private Wire upstream;

  /** Makes a loop with one pair on it. */
  @Setup
  public void connect() {
    Generation generation = new ExchangePlans().pairs();
    loop = new Loop(0, IoModel.REACTOR, Runnable::run, PooledByteBufAllocator.DEFAULT);
    Stats stats = new Stats();
    logFiles = new LogFiles(stats.counter("access_log.dropped"));
    Worker worker = new Worker(loop, 1, stats, logFiles, new HealthBoard(), new Connected());
    loop.adopt(generation, () -> worker.clusters().begin(generation), (moving, slice) -> {});
    ListenerPlan listener = generation.listeners().iterator().next();
    var _ =
        new BytePair(
            worker,
            listener,
            (ByteChain) listener.chain(),
            stats.tally("listener.bench"),
            owner -> downstream = new Wire(loop, client, owner),
            () -> {});
    long taken = roundTrip();
    if (taken != 2L * bytes) {
      throw new IllegalStateException("not relayed both ways: " + taken);
    }
  }

  /** A message from the client, and one back. */
  @Benchmark
  public long roundTrip() {
    arrive(downstream);
    arrive(upstream);
    return client.taken() + origin.taken();
  }

  private void arrive(Wire wire) {
    loop.touch();
    ByteBuf read = loop.allocator().directBuffer(bytes);
    wire.received(read.writerIndex(bytes));
    loop.flushDirty();
  }

  /** Ends the logging thread. */
  @TearDown
  public void close() {
    logFiles.close();
  }

  /** Connects at once, to an origin that the benchmark plays. */
  private final class Connected implements Connector {
    @Override
    public void connect(
        Loop on,
        InetSocketAddress endpoint,
        Duration timeout,
        int bufferLimit,
        WireOwner owner,
        Outcome outcome) {
      upstream = new Wire(on, origin, owner);
      outcome.connected(upstream);
    }
  }
}
