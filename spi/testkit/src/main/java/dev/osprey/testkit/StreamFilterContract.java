package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every stream filter must keep. An author extends this class and gives a configuration. */
public abstract class StreamFilterContract {
  private static final byte[] PIECE = "a piece of a body".getBytes(StandardCharsets.US_ASCII);
  private static final int ROUNDS = 50;

  /** The filter under test. */
  protected abstract StreamFilterFactory factory();

  /** A configuration with every kind of setting. */
  protected abstract ConfigNode config();

  @Test
  void doesTheSameEachTime_andKeepsNoBuffer() {
    StreamFilterPlan plan = plan();
    for (int seed = 0; seed < ROUNDS; seed++) {
      assertThat(play(plan, seed)).isEqualTo(play(plan, seed));
    }
  }

  @Test
  void doesTheSame_onManyStrandsAtOnce() throws InterruptedException {
    StreamFilterPlan plan = plan();
    StrandRunner runner = new StrandRunner();
    for (int seed = 0; seed < ROUNDS; seed++) {
      int number = seed;
      List<String> expected = play(plan, number);
      StrandRunner.Strand strand = runner.strand();
      for (int i = 0; i < 20; i++) {
        strand.execute(() -> assertThat(play(plan, number)).isEqualTo(expected));
      }
    }
    runner.awaitIdle();
  }

  @Test
  void bearsAStreamThatEndsAtOnce() {
    StreamFilterPlan plan = plan();
    plan.open(new FakeStreamSession(head(new Random(1)))).ended();
  }

  @Test
  void bearsAnAnswerWithoutARequest_asTheProxysOwn() {
    FakeStreamSession session = new FakeStreamSession(new RequestHead());
    StreamFilter filter = plan().open(session);
    ResponseHead answer = new ResponseHead();
    answer.status(400);
    session.answered(answer);
    assertThat(filter.onResponseHead(answer, true)).isNotNull();
    filter.ended();
  }

  @Test
  void bearsItsOwnRehearsals() {
    StreamFilterPlan plan = plan();
    for (RequestHead head : plan.rehearsals()) {
      assertThat(plan.open(new FakeStreamSession(head)).onRequestHead(head, true)).isNotNull();
    }
  }

  private StreamFilterPlan plan() {
    ConfigNode config = config();
    StreamFilterPlan plan = factory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  /** What becomes of one stream, step by step. */
  private static List<String> play(StreamFilterPlan plan, int seed) {
    Random random = new Random(seed);
    RequestHead request = head(random);
    FakeStreamSession session = new FakeStreamSession(request);
    StreamFilter filter = plan.open(session);
    List<String> steps = new ArrayList<>();
    note(steps, filter.onRequestHead(request, false), request);
    steps.add(data(session, filter::onRequestData));
    Fields trailers = fields(random);
    note(steps, filter.onRequestTrailers(trailers), trailers);
    ResponseHead answer = new ResponseHead(fields(random));
    answer.status(100 * (2 + random.nextInt(4)));
    session.answered(answer);
    note(steps, filter.onResponseHead(answer, false), answer);
    steps.add(data(session, filter::onResponseData));
    trailers = fields(random);
    note(steps, filter.onResponseTrailers(trailers), trailers);
    filter.ended();
    return steps;
  }

  private static void note(List<String> steps, Verdict verdict, Object message) {
    steps.add(word(verdict) + "\n" + message);
  }

  private static String word(Verdict verdict) {
    return verdict instanceof Verdict.Pause ? "Pause" : verdict.toString();
  }

  private interface DataCallback {
    Verdict on(ByteBuf data, boolean end);
  }

  private static String data(FakeStreamSession session, DataCallback callback) {
    ByteBuf data = Unpooled.copiedBuffer(PIECE);
    Verdict verdict = callback.on(data, false);
    assertThat(data.refCnt()).as("neither kept nor released").isOne();
    assertThat(data.readableBytes()).as("not read from").isEqualTo(PIECE.length);
    data.release();
    ByteBuf replaced = session.takeReplaced();
    String text = "";
    if (replaced != null) {
      text = replaced.toString(StandardCharsets.ISO_8859_1);
      replaced.release();
    }
    return word(verdict) + " " + text;
  }

  private static RequestHead head(Random random) {
    RequestHead head = new RequestHead(fields(random));
    head.method(random.nextBoolean() ? "GET" : "");
    head.path("/" + noise(random));
    head.authority(random.nextBoolean() ? "example.org" : "");
    return head;
  }

  private static Fields fields(Random random) {
    Fields fields = new Fields();
    for (int i = random.nextInt(6); i > 0; i--) {
      fields.add("x-" + random.nextInt(4), noise(random));
    }
    return fields;
  }

  private static String noise(Random random) {
    StringBuilder text = new StringBuilder();
    random.ints(random.nextInt(12), 0, 256).forEach(c -> text.append((char) c));
    return text.toString();
  }
}
