package dev.osprey.jmh;

import dev.osprey.host.loop.Wire;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stream.Downstream;
import java.nio.charset.StandardCharsets;
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

  private LoopRig rig;
  private byte[] request;
  private byte[] response;
  private long nextTick;

  /** Makes a loop with one connection on either side. */
  @Setup
  public void connect() {
    rig = new LoopRig(new ExchangePlans().generation());
    StreamChain chain = (StreamChain) rig.listener.chain();
    var _ =
        new Downstream(
            rig.worker,
            rig.listener.name(),
            chain,
            chain.codecs().getFirst(),
            rig.tally,
            rig::accept,
            () -> {});
    request = request(fields);
    response =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\n"
                + "x".repeat(100))
            .getBytes(StandardCharsets.ISO_8859_1);
    exchange();
    if (rig.origin.taken() == 0 || rig.client.taken() < response.length) {
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
    arrive(rig.downstream, request);
    arrive(rig.upstream, response);
    return rig.taken();
  }

  private void arrive(Wire wire, byte[] bytes) {
    rig.arrive(wire, rig.loop.allocator().directBuffer(2048).writeBytes(bytes));
    if (rig.loop.now() >= nextTick) {
      nextTick = rig.loop.now() + TICK_NANOS;
      rig.loop.tick();
    }
  }

  /** Ends the logging thread. */
  @TearDown
  public void close() {
    rig.close();
  }
}
