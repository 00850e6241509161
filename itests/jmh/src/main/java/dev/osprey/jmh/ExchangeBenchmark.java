package dev.osprey.jmh;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Connector;
import dev.osprey.host.stream.Downstream;
import dev.osprey.host.stream.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
 * A steady-state HTTP/1 exchange as a loop of the reactor carries it, all features on and
 * everything real but the sockets: both codecs, the stream machine, a header filter, the router,
 * the pool, timers, statistics and an access log. With {@code -prof gc} it says what an exchange
 * allocates, the loop's buffers being pooled as in the archive.
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
public class ExchangeBenchmark {
  private static final long TICK_NANOS = 50_000_000;

  /** Header fields of the request. */
  @Param({"2", "10", "40"})
  public int fields;

  private final EndOfWire client = new EndOfWire();
  private final EndOfWire origin = new EndOfWire();
  private Loop loop;
  private LogFiles logFiles;
  private Wire downstream;
  private Wire upstream;
  private byte[] request;
  private byte[] response;
  private long nextTick;

  /** Makes a loop with one connection on either side. */
  @Setup
  public void connect() {
    ExchangePlans plans = new ExchangePlans();
    Generation generation = plans.generation();
    // Nothing is posted to the loop while it is measured.
    loop = new Loop(0, IoModel.REACTOR, Runnable::run, PooledByteBufAllocator.DEFAULT);
    Stats stats = new Stats();
    logFiles = new LogFiles(stats.counter("access_log.dropped"));
    Worker worker = new Worker(loop, 1, stats, logFiles, new HealthBoard(), new Connected());
    loop.adopt(generation, () -> worker.clusters().begin(generation), (moving, slice) -> {});
    ListenerPlan listener = generation.listeners().iterator().next();
    StreamChain chain = (StreamChain) listener.chain();
    var _ =
        new Downstream(
            worker,
            listener.name(),
            chain,
            chain.codecs().getFirst(),
            stats.tally("listener.bench"),
            owner -> downstream = new Wire(loop, client, owner),
            () -> {});
    request = request(fields);
    response =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\n"
                + "x".repeat(100))
            .getBytes(StandardCharsets.ISO_8859_1);
    exchange();
    if (origin.taken() == 0 || client.taken() < response.length) {
      throw new IllegalStateException("no whole exchange took place");
    }
  }

  private static byte[] request(int fields) {
    StringBuilder text = new StringBuilder("GET /bytes/100?a=b HTTP/1.1\r\nHost: bench.test\r\n");
    for (int i = 1; i < fields; i++) {
      text.append("x-field-").append(i).append(": some value of usual length\r\n");
    }
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A request from the client, and its answer from the origin. */
  @Benchmark
  public long exchange() {
    arrive(downstream, request);
    arrive(upstream, response);
    return client.taken() + origin.taken();
  }

  /** A turn of the loop in which one socket had something to read. */
  private void arrive(Wire wire, byte[] bytes) {
    loop.touch();
    ByteBuf read = loop.allocator().directBuffer(2048);
    read.writeBytes(bytes);
    wire.received(read);
    loop.flushDirty();
    if (loop.now() >= nextTick) {
      nextTick = loop.now() + TICK_NANOS;
      loop.tick();
    }
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
