package dev.osprey.codec.http1;

import dev.osprey.jmh.BenchmarkContext;
import dev.osprey.jmh.Trees;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What writing a request's head costs as fields grow: field by field, from the scanner's offsets.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class HeadWriterBenchmark {
  /** Fields beside Host. */
  @Param({"2", "10", "40"})
  public int fields;

  private final RequestHead head = new RequestHead();
  private final BenchmarkContext context = new BenchmarkContext();
  private final ByteBuf out = Unpooled.directBuffer(16 * 1024);
  private HeadWriter writer;

  /** Scans the head that is written. */
  @Setup
  public void build() {
    Http1Plan plan = (Http1Plan) new Http1Factory().plan(Trees.of(Map.of()), context);
    writer = new HeadWriter(plan.provenance(), plan.responseExtras());
    StringBuilder text = new StringBuilder("GET /some/path?query=1 HTTP/1.1\r\nHost: a.test\r\n");
    for (int i = 0; i < fields; i++) {
      text.append("x-field-").append(i).append(": some value of usual length\r\n");
    }
    byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] into = head.fields().begin(plan.provenance(), bytes.length);
    System.arraycopy(bytes, 0, into, 0, bytes.length);
    int scanned = new HeadScanner(plan.config().limits()).request(head, bytes.length);
    if (scanned != bytes.length || write() < bytes.length / 2) {
      throw new IllegalStateException("the head is not written as it was scanned: " + scanned);
    }
  }

  /** Bytes written. */
  @Benchmark
  public int write() {
    out.clear();
    boolean fine = writer.request(out, head, BodyWriter.Framing.NONE, 0);
    return fine ? out.readableBytes() : -1;
  }

  /** Gives the buffer back. */
  @TearDown
  public void release() {
    out.release();
  }
}
