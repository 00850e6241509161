package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every codec must keep. A codec's author extends this class, gives the factory, a corpus of
 * exchanges and two heads without an end, and gets the tests. Configure the codec so that the same
 * input gives the same output: no random request ids.
 */
public abstract class CodecContract {
  private static final int SHORT = 96;
  private static final int MOST = 1_500;

  private @Nullable CodecPlan next;

  /** The codec under test. */
  protected abstract CodecFactory factory();

  /** The corpus, which should touch every branch: bodies, trailers, interim heads, pipelining. */
  protected abstract List<Exchange> exchanges();

  /** The beginning of a request whose head has no end. */
  protected abstract Endless endlessRequest();

  /** The beginning of a response, to the first exchange's request, whose head has no end. */
  protected abstract Endless endlessResponse();

  /** The codec's configuration; empty unless overridden. */
  protected ConfigNode config() {
    return ConfigNodes.empty();
  }

  /** Bytes of a client that must be refused: by a bad request, a reset or a close. */
  protected List<byte[]> malformedRequests() {
    return List.of();
  }

  /** Bytes of an upstream, answering the first exchange, that must be refused. */
  protected List<byte[]> malformedResponses() {
    return List.of();
  }

  /** How many bytes of a head may come before it is refused. */
  protected int headBound() {
    return 1 << 20;
  }

  /**
   * Bytes that repeat for ever.
   *
   * @param beginning comes once
   * @param repeated comes again and again
   */
  public record Endless(byte[] beginning, byte[] repeated) {}

  /** A new plan of the codec, as a bundle of that version would make it. */
  protected final CodecPlan plan(String version) {
    ConfigNode config = config();
    CodecPlan plan = factory().plan(config, new FakePlanContext(version));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  @Test
  void reportsWhatTheCorpusSays() {
    for (Exchange exchange : exchanges()) {
      Trial.Outcome whole = Trial.of(plan("1.0.0"), exchange).run();
      assertThat(whole.requests()).as("%s: requests", exchange).isNotEmpty();
      if (!exchange.requestEvents().isEmpty()) {
        assertThat(text(whole.requests())).as("%s", exchange).isEqualTo(exchange.requestEvents());
      }
      if (!exchange.responseEvents().isEmpty()) {
        assertThat(text(whole.responses())).as("%s", exchange).isEqualTo(exchange.responseEvents());
      }
    }
  }

  @Test
  void meansTheSame_howeverTheBytesAreSplit() {
    CodecPlan plan = plan("1.0.0");
    for (Exchange exchange : exchanges()) {
      Trial trial = Trial.of(plan, exchange);
      Trial.Outcome whole = trial.run();
      assertSameMeaning(exchange, "byte by byte", trial.byteByByte().run(), whole);
      int length = Math.max(exchange.request().length, exchange.response().length);
      for (int cut : Trial.offsets(length, MOST)) {
        assertSameMeaning(exchange, "cut at " + cut, trial.cutAt(cut).run(), whole);
        for (int next = cut + 1; length <= SHORT && next < length; next++) {
          Trial.Outcome pair = trial.cutAt(cut, next).run();
          assertSameMeaning(exchange, "cut at " + cut + " and " + next, pair, whole);
        }
      }
    }
  }

  @Test
  void readsWhatItWrites() {
    CodecPlan plan = plan("1.0.0");
    for (Exchange exchange : exchanges()) {
      Trial.Outcome first = Trial.of(plan, exchange).run();
      if (isTunnel(first)) {
        continue;
      }
      Exchange written =
          new Exchange(
              exchange.name() + ", as written",
              first.upstreamBytes(),
              first.downstreamBytes(),
              exchange.upstreamEnds(),
              List.of(),
              List.of());
      Trial.Outcome second = Trial.of(plan, written).run();
      assertThat(bodies(second.requests()))
          .as("%s: requests", exchange)
          .isEqualTo(bodies(first.requests()));
      if (!isCutShort(first)) {
        assertThat(bodies(second.responses()))
            .as("%s: responses", exchange)
            .isEqualTo(bodies(first.responses()));
      }
    }
  }

  @Test
  void writesTheSameBytes_whenSwappedBeforeAnyCall() {
    for (Exchange exchange : exchanges()) {
      Trial whole = Trial.of(plan("1.0.0"), exchange);
      for (Trial trial : List.of(whole, whole.byteByByte())) {
        Trial.Outcome calm = trial.run();
        Leg.SwapSchedule always = Leg.SwapSchedule.always(this::nextPlan);
        assertSameBytes(exchange, "always", trial.swapping(always, always).run(), calm);
        int calls = Math.max(calm.serverCalls(), calm.clientCalls());
        for (int call : Trial.offsets(calls, MOST)) {
          Leg.SwapSchedule once = Leg.SwapSchedule.before(call, this::nextPlan);
          Trial server = trial.swapping(once, Leg.SwapSchedule.NEVER);
          assertSameBytes(exchange, "server, call " + call, server.run(), calm);
          Trial client = trial.swapping(Leg.SwapSchedule.NEVER, once);
          assertSameBytes(exchange, "client, call " + call, client.run(), calm);
        }
      }
    }
  }

  @Test
  void hasNoThreadAffinity_whenStrandsInterleaveWithSwaps() throws InterruptedException {
    CodecPlan plan = plan("1.0.0");
    List<Exchange> corpus = exchanges();
    for (long seed : Garbage.seeds(getClass())) {
      List<TrackingAllocator> allocators = new ArrayList<>();
      List<Relay> relays = new ArrayList<>();
      List<Iterator<Runnable>> strands = new ArrayList<>();
      for (Exchange exchange : corpus) {
        allocators.add(new TrackingAllocator());
        relays.add(new Relay(plan, allocators.getLast()));
        strands.add(Trial.of(plan, exchange).byteByByte().steps(relays.getLast()).iterator());
      }
      StrandRunner.interleave(seed, strands, number -> swapBoth(relays.get(number)));
      for (int i = 0; i < corpus.size(); i++) {
        Trial.Outcome calm = Trial.of(plan, corpus.get(i)).byteByByte().run();
        assertSameBytes(corpus.get(i), "seed " + seed, Trial.Outcome.of(relays.get(i)), calm);
        relays.get(i).lost();
        allocators.get(i).assertNothingLeaks();
      }
    }
  }

  @Test
  void refusesRecordsItDoesNotKnow() {
    CodecPlan plan = plan("1.0.0");
    assertThat(plan.reads(StateRecord.empty("no.such.format", 1))).isFalse();
    for (Leg leg : List.of(serverLeg(plan), clientLeg(plan))) {
      StateRecord own = leg.detached();
      assertThat(plan.reads(own)).isTrue();
      StateRecord later = new StateRecord(own.format(), Integer.MAX_VALUE, own.state());
      assertThat(plan.reads(later)).as("a version that no one knows yet").isFalse();
    }
  }

  @Test
  void recognisesItsFirstBytes() {
    CodecPlan plan = plan("1.0.0");
    for (Exchange exchange : exchanges()) {
      byte[] bytes = exchange.request();
      for (int length = 0; length <= bytes.length; length++) {
        ByteBuf first = Unpooled.copiedBuffer(bytes, 0, length);
        Recognition found = plan.recognise(first);
        boolean untouched = first.readerIndex() == 0 && first.writerIndex() == length;
        assertThat(untouched && first.refCnt() == 1).as("left the buffer as it was").isTrue();
        assertThat(found).as("%s, %s bytes", exchange, length).isNotEqualTo(Recognition.NO);
        first.release();
      }
      assertThat(plan.recognise(Unpooled.wrappedBuffer(bytes))).isEqualTo(Recognition.MATCH);
    }
  }

  @Test
  void wordsEveryLocalReply() {
    CodecPlan plan = plan("1.0.0");
    for (LocalReply.Kind kind : LocalReply.Kind.values()) {
      assertThat(plan.answer(LocalReply.of(kind, "x"), null).head().status()).isBetween(100, 999);
      for (Exchange exchange : exchanges()) {
        new LocalAnswers(plan, kind, true).run(exchange);
        new LocalAnswers(plan, kind, false).run(exchange);
      }
    }
  }

  @Test
  void refusesHeadsWithoutEnd() {
    Hostile hostile = new Hostile(plan("1.0.0"));
    hostile.endlessRequest(endlessRequest(), headBound());
    hostile.endlessResponse(exchanges().getFirst(), endlessResponse(), headBound());
  }

  @Test
  void refusesWhatIsMalformed() {
    Hostile hostile = new Hostile(plan("1.0.0"));
    malformedRequests().forEach(hostile::malformedRequest);
    malformedResponses().forEach(bytes -> hostile.malformedResponse(exchanges().getFirst(), bytes));
  }

  @Test
  void endsEveryStream_whenTheInputEndsAnywhere() {
    Hostile hostile = new Hostile(plan("1.0.0"));
    exchanges().forEach(hostile::truncated);
  }

  @Test
  void answersARequestThatIsLate_orSaysNothing() {
    Hostile hostile = new Hostile(plan("1.0.0"));
    exchanges().forEach(hostile::late);
  }

  @Test
  void releasesEverything_whenTheConnectionIsLostAnywhere() {
    Hostile hostile = new Hostile(plan("1.0.0"));
    exchanges().forEach(hostile::lostAnywhere);
  }

  @Test
  void neverThrows_onGarbage() {
    for (long seed : Garbage.seeds(getClass())) {
      new Garbage(seed, plan("1.0.0"), this::nextPlan).run(exchanges());
    }
  }

  @Test
  void passesItsOwnRehearsals() {
    CodecPlan plan = plan("1.0.0");
    Leg.SwapSchedule always = Leg.SwapSchedule.always(this::nextPlan);
    plan.rehearsals()
        .forEach(rehearsal -> {
          Exchange exchange =
              Exchange.of(rehearsal.name(), rehearsal.request(), rehearsal.response());
          Trial trial = Trial.of(plan, exchange);
          Trial.Outcome calm = trial.run();
          assertSameBytes(exchange, "swapped", trial.swapping(always, always).run(), calm);
          assertBytes(rehearsal.name(), rehearsal.upstreamRequest(), calm.upstreamBytes());
          assertBytes(rehearsal.name(), rehearsal.downstreamResponse(), calm.downstreamBytes());
        });
  }

  private CodecPlan nextPlan() {
    CodecPlan plan = next;
    if (plan == null) {
      next = plan = plan("1.0.1");
    }
    return plan;
  }

  private void swapBoth(Relay relay) {
    relay.server().swapTo(nextPlan());
    relay.clients().forEach(leg -> leg.swapTo(nextPlan()));
  }

  private static Leg serverLeg(CodecPlan plan) {
    return Leg.server(plan, new TrackingAllocator(), Reactions.NONE);
  }

  private static Leg clientLeg(CodecPlan plan) {
    return Leg.client(plan, new TrackingAllocator(), Reactions.NONE);
  }

  /** True when the relay had to answer in the upstream's place. */
  private static boolean isCutShort(Trial.Outcome outcome) {
    return outcome.responses().stream().anyMatch(event -> event.kind() == Event.Kind.RESET);
  }

  private static boolean isTunnel(Trial.Outcome outcome) {
    return Stream.concat(outcome.requests().stream(), outcome.responses().stream())
        .anyMatch(event -> event.kind() == Event.Kind.TUNNEL);
  }

  /** What was said, without the ends of connections. */
  private static List<Event> bodies(List<Event> events) {
    return events.stream()
        .filter(event -> event.kind() != Event.Kind.CLOSE && event.kind() != Event.Kind.GOODBYE)
        .toList();
  }

  /**
   * Compares histories of different cuts. When an upstream connection ends is left out: an answer
   * that came together with the one before it is surplus to a codec of one exchange at a time.
   */
  private static void assertSameMeaning(
      Exchange exchange, String how, Trial.Outcome now, Trial.Outcome whole) {
    assertThat(now.requests()).as("%s, %s: requests", exchange, how).isEqualTo(whole.requests());
    assertThat(bodies(now.responses()))
        .as("%s, %s: responses", exchange, how)
        .isEqualTo(bodies(whole.responses()));
  }

  private static void assertSameBytes(
      Exchange exchange, String how, Trial.Outcome now, Trial.Outcome calm) {
    assertThat(now.requests())
        .as("%s, swap %s: requests", exchange, how)
        .isEqualTo(calm.requests());
    assertThat(now.responses())
        .as("%s, swap %s: responses", exchange, how)
        .isEqualTo(calm.responses());
    assertThat(now.upstream())
        .as("%s, swap %s: upstream", exchange, how)
        .isEqualTo(calm.upstream());
    assertThat(now.downstream())
        .as("%s, swap %s: client", exchange, how)
        .isEqualTo(calm.downstream());
  }

  private static void assertBytes(String name, byte @Nullable [] expected, byte[] found) {
    if (expected != null) {
      assertThat(found).as(name).isEqualTo(expected);
    }
  }

  private static List<String> text(List<Event> events) {
    return events.stream().map(Event::toString).toList();
  }
}
