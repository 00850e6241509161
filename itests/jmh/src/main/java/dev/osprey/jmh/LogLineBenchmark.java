package dev.osprey.jmh;

import dev.osprey.access.log.FileLogs;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.FakeAccessRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to word a request as a line of the access log, in the default format. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogLineBenchmark {
  private final AccessLogPlan log =
      FileLogs.factory().plan(Trees.of(Map.of("path", "/dev/null")), new BenchmarkContext());
  private final AccessRecord entry = FakeAccessRecord.empty().withHeads(request(), response());
  private final ByteBuf line = Unpooled.directBuffer(4096);

  private static RequestHead request() {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.path("/some/path?query=1");
    head.authority("a.test");
    head.fields().add("user-agent", "curl/7.88.1");
    head.fields().add("x-request-id", "0f8fad5b-d9cb-469f-a165-70867728950e");
    return head;
  }

  private static ResponseHead response() {
    ResponseHead head = new ResponseHead();
    head.status(200);
    return head;
  }

  /** Bytes of the line. */
  @Benchmark
  public int word() {
    line.clear();
    log.log(entry, line);
    return line.readableBytes();
  }

  /** Gives the buffer back. */
  @TearDown
  public void release() {
    line.release();
  }
}
