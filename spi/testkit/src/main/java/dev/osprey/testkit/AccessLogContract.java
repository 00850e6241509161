package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every access log must keep. An author extends this class and gives a configuration. */
public abstract class AccessLogContract {
  private static final String EARLIER = "an earlier line\n";

  /** The access log under test. */
  protected abstract AccessLogFactory factory();

  /** A configuration that prints as much as it can, fields of the request among it. */
  protected abstract ConfigNode config();

  @Test
  void namesATarget() {
    assertThat(plan().target()).isNotEmpty();
  }

  @Test
  void writesOneLine_whateverIsKnown() {
    AccessLogPlan plan = plan();
    for (AccessRecord record : records()) {
      String line = line(plan, record);
      assertThat(line).as("%s", record).endsWith("\n");
      assertThat(line.indexOf('\n'))
          .as("exactly one line of %s", record)
          .isEqualTo(line.length() - 1);
      boolean clean = line.chars().allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7f));
      assertThat(clean).as("no control characters in: %s", line).isTrue();
    }
  }

  @Test
  void writesTheSame_onManyStrandsAtOnce() throws InterruptedException {
    AccessLogPlan plan = plan();
    StrandRunner runner = new StrandRunner();
    for (AccessRecord record : records()) {
      String expected = line(plan, record);
      StrandRunner.Strand strand = runner.strand();
      for (int i = 0; i < 50; i++) {
        strand.execute(() -> assertThat(line(plan, record)).isEqualTo(expected));
      }
    }
    runner.awaitIdle();
  }

  private AccessLogPlan plan() {
    ConfigNode config = config();
    AccessLogPlan plan = factory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  /** What is appended behind an earlier line, which must stay. */
  private static String line(AccessLogPlan plan, AccessRecord record) {
    TrackingAllocator alloc = new TrackingAllocator();
    ByteBuf buffer = alloc.buffer().writeBytes(EARLIER.getBytes(StandardCharsets.UTF_8));
    plan.log(record, buffer);
    assertThat(buffer.refCnt()).as("neither released nor kept").isEqualTo(1);
    assertThat(buffer.readerIndex()).as("append only").isZero();
    String all = buffer.toString(StandardCharsets.UTF_8);
    buffer.release();
    alloc.assertNothingLeaks();
    assertThat(all).startsWith(EARLIER);
    return all.substring(EARLIER.length());
  }

  private static List<AccessRecord> records() {
    FakeAccessRecord empty = FakeAccessRecord.empty();
    List<AccessRecord> records = new ArrayList<>(List.of(empty));
    for (String odd :
        List.of(
            "/plain",
            "",
            "/a\r\nb: forged",
            "/\"quoted\\\"",
            "/\u0000\u001b[31m\u007f",
            "/\u00e4\u00ff")) {
      RequestHead request =
          RouterContract.head(
              "GET", odd, odd, "user-agent", odd, "referer", odd, "x-request-id", odd);
      ResponseHead response = new ResponseHead();
      response.status(200);
      response.fields().add("content-type", odd);
      FakeAccessRecord full = empty.withHeads(request, response);
      records.add(full);
      records.add(full.withReset(Reset.byUpstream(Reset.Reason.TRUNCATED, odd)));
      records.add(full.withLocalReply(LocalReply.of(LocalReply.Kind.NO_ROUTE, odd)));
    }
    return records;
  }
}
