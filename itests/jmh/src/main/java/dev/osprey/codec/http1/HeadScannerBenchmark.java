package dev.osprey.codec.http1;

import dev.osprey.jmh.BenchmarkContext;
import dev.osprey.jmh.Trees;
import dev.osprey.spi.message.RequestHead;
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
import org.openjdk.jmh.annotations.Warmup;

/** What scanning a request's head costs as fields grow: offsets, rules and tags in one pass. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class HeadScannerBenchmark {
  /** Fields beside Host. */
  @Param({"2", "10", "40"})
  public int fields;

  private final RequestHead head = new RequestHead();
  private final BenchmarkContext context = new BenchmarkContext();
  private HeadScanner scanner;
  private byte[] bytes;

  @Setup
  public void build() {
    Http1Plan plan = (Http1Plan) new Http1Factory().plan(Trees.of(Map.of()), context);
    scanner = new HeadScanner(plan.config().limits());
    StringBuilder text = new StringBuilder("GET /some/path?query=1 HTTP/1.1\r\nHost: a.test\r\n");
    for (int i = 0; i < fields; i++) {
      text.append("x-field-").append(i).append(": some value of usual length\r\n");
    }
    bytes = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Benchmark
  public int scan() {
    byte[] into = head.fields().begin(context.provenance(), bytes.length);
    System.arraycopy(bytes, 0, into, 0, bytes.length);
    return scanner.request(head, bytes.length);
  }
}
