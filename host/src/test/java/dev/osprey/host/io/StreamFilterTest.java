package dev.osprey.host.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import dev.osprey.testkit.Fault;
import dev.osprey.testkit.ThrowingExtensions;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stream filters may do to a stream of a multiplexed codec whose bodies come in pieces. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = Mover.class,
    names = {"EPOLL", "THREAD"})
class StreamFilterTest {
  @Parameter Mover mover;

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final FieldName TOKEN = FieldName.of("token");
  private static final byte[] BODY = "body ".repeat(100).getBytes(StandardCharsets.US_ASCII);

  private Network network;
  private ToyMuxUpstream upstream;
  private MuxGenerations generations;
  private final List<Extension> extensions = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    network = mover.network();
    upstream = new ToyMuxUpstream();
    generations = new MuxGenerations(network.loops(), upstream.address(), mover.model);
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    network.close();
    assertThat(extensions).allMatch(extension -> extension.leases() == 0);
  }

  private ToyMuxClient connect(TestFilter... filters) throws Exception {
    List<Bound<StreamFilterPlan>> bounds = new ArrayList<>();
    for (TestFilter filter : filters) {
      bounds.add(filter.bound(extension("f" + bounds.size(), "1")));
    }
    publish(bounds);
    return connect();
  }

  private ToyMuxClient connect() throws IOException {
    return new ToyMuxClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), network.listeners().get(0).port()));
  }

  private void publish(List<Bound<StreamFilterPlan>> filters) throws Exception {
    var next = generations.filtered(generations.codec("1"), filters);
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, SECONDS);
  }

  private Extension extension(String name, String version) {
    Extension made = TestFilter.extension(name, version, network.loops());
    extensions.add(made);
    return made;
  }

  private static Verdict.Reply reply(int status) {
    return new Verdict.Reply(
        new LocalReply(
            LocalReply.Kind.DIRECT,
            status,
            "by a filter",
            List.of(Map.entry("x-by", "filter")),
            "by a filter"));
  }

  private static CompletableFuture<ToyMuxClient.Answer> later(ToyMuxClient client) {
    CompletableFuture<ToyMuxClient.Answer> answer = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        answer.complete(client.echo("later", BODY));
      } catch (IOException | InterruptedException failed) {
        answer.completeExceptionally(failed);
      }
    });
    return answer;
  }

  // ---- going by

  @Test
  void seesTheRequestInOrder_andTheAnswerInTheOppositeOrder() throws Exception {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    TestFilter a = new TestFilter("a", seen);
    TestFilter b = new TestFilter("b", seen);
    try (ToyMuxClient client = connect(a, b)) {
      client.echo("order", new byte[0]);
      Awaitility.await().until(() -> b.ended() == 1);
    }
    assertThat(seen)
        .containsExactly(
            "a.onRequestHead",
            "b.onRequestHead",
            "b.onResponseHead",
            "a.onResponseHead",
            "a.ended",
            "b.ended");
  }

  @Test
  void changesHeadsAndReplacesBodies_bothWays() throws Exception {
    TestFilter.Step flip =
        (stream, data, end) -> {
          ByteBuf old = (ByteBuf) data;
          ByteBuf fresh = stream.alloc().buffer(old.readableBytes());
          for (int i = old.readerIndex(); i < old.writerIndex(); i++) {
            fresh.writeByte(old.getByte(i) ^ 0x20);
          }
          stream.replace(fresh);
          return Verdict.CONTINUE;
        };
    Queue<String> tokens = new ConcurrentLinkedQueue<>();
    TestFilter outer =
        new TestFilter("outer")
            .on(
                "onRequestHead",
                (stream, head, end) -> {
                  ((RequestHead) head).fields().set(TOKEN, "secret");
                  return Verdict.CONTINUE;
                })
            .on(
                "onResponseHead",
                (stream, head, end) -> {
                  tokens.add(((ResponseHead) head).fields().first(TOKEN));
                  ((ResponseHead) head).fields().set(TOKEN, "mine");
                  return Verdict.CONTINUE;
                })
            .on("onRequestData", flip)
            .on("onResponseData", flip);
    try (ToyMuxClient client = connect(outer, new TestFilter("inner"))) {
      ToyMuxClient.Answer answer = client.echo("mine", BODY);
      assertThat(answer.body()).isEqualTo(BODY);
      assertThat(tokens).containsExactly("secret");
    }
  }

  // ---- replies and resets

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onRequestData", "onResponseHead"})
  void answersInThePlaceOfTheUpstream(String callback) throws Exception {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    TestFilter outer = new TestFilter("outer", seen);
    TestFilter replies =
        new TestFilter("replies").on(callback, (stream, message, end) -> reply(418));
    try (ToyMuxClient client = connect(outer, replies)) {
      ToyMuxClient.Answer answer = client.call("/", "t", BODY);
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.body()).asString().contains("by a filter");
      assertThat(seen).contains("outer.onResponseHead", "outer.onResponseData");
      Awaitility.await().until(() -> replies.ended() == 1 && outer.ended() == 1);
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void cutsTheStream_whenItRepliesAfterTheAnswerHasBegun() throws Exception {
    TestFilter replies =
        new TestFilter("late").on("onResponseData", (stream, message, end) -> reply(500));
    try (ToyMuxClient client = connect(replies)) {
      assertThatThrownBy(() -> client.echo("t", BODY)).isInstanceOf(IOException.class);
      assertThat(client.isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onRequestData", "onResponseHead", "onResponseData"})
  void resetsTheStreamAndNothingElse(String callback) throws Exception {
    Reset why = Reset.byHost(Reset.Reason.CANCELLED, "by a filter");
    AtomicBoolean now = new AtomicBoolean(true);
    TestFilter resets =
        new TestFilter("resets")
            .on(
                callback,
                (stream, message, end) -> now.get() ? new Verdict.Reset(why) : Verdict.CONTINUE);
    try (ToyMuxClient client = connect(resets)) {
      assertThatThrownBy(() -> client.echo("t", BODY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("CANCELLED");
      now.set(false);
      assertThat(client.echo("t", BODY).status()).isEqualTo(200);
    }
  }

  // ---- pauses

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onRequestData", "onResponseHead", "onResponseData"})
  void goesOn_whenAPauseIsResumedFromAnotherThread(String callback) throws Exception {
    LinkedBlockingQueue<Verdict.Pause> pauses = new LinkedBlockingQueue<>();
    TestFilter inner = new TestFilter("inner");
    TestFilter holds =
        new TestFilter("holds")
            .on(
                callback,
                (stream, message, end) -> {
                  Verdict.Pause pause = stream.pause(LONG, reply(504));
                  pauses.add(pause);
                  return pause;
                });
    try (ToyMuxClient client = connect(holds, inner)) {
      CompletableFuture<ToyMuxClient.Answer> answer = later(client);
      while (!answer.isDone()) {
        Verdict.Pause pause = pauses.poll(20, java.util.concurrent.TimeUnit.MILLISECONDS);
        if (pause != null) {
          pause.resume(Verdict.CONTINUE);
          pause.resume(reply(500)); // too late: the first call counts
        }
      }
      assertThat(answer.get().body()).isEqualTo(BODY);
      assertThat(client.echoAll(0, 0)).isEmpty();
    }
  }

  @Test
  void holdsTheDirection_whileAPauseLasts() throws Exception {
    LinkedBlockingQueue<Verdict.Pause> pauses = new LinkedBlockingQueue<>();
    TestFilter inner = new TestFilter("inner");
    TestFilter holds =
        new TestFilter("holds")
            .on(
                "onRequestHead",
                (stream, message, end) -> {
                  Verdict.Pause pause = stream.pause(LONG, reply(504));
                  pauses.add(pause);
                  return pause;
                });
    try (ToyMuxClient client = connect(holds, inner)) {
      CompletableFuture<ToyMuxClient.Answer> answer = later(client);
      Verdict.Pause pause = pauses.take();
      // The connection goes on meanwhile, and with it another stream as far as its own pause.
      CompletableFuture<ToyMuxClient.Answer> other = later(client);
      Verdict.Pause second = pauses.take();
      assertThat(inner.seen()).isEmpty();
      assertThat(holds.seen()).containsOnly("holds.onRequestHead");
      assertThat(upstream.requests()).isZero();
      second.resume(Verdict.CONTINUE);
      assertThat(other.get(10, SECONDS).status()).isEqualTo(200);
      assertThat(answer).isNotDone();
      pause.resume(reply(403));
      assertThatThrownBy(() -> answer.get(10, SECONDS)).hasMessageContaining("status 403");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onResponseHead"})
  void doesWhatThePauseSays_whenNobodyResumesIt(String callback) throws Exception {
    AtomicInteger left = new AtomicInteger(1);
    TestFilter holds =
        new TestFilter("holds")
            .on(
                callback,
                (stream, message, end) ->
                    stream.pause(
                        SHORT, left.getAndDecrement() > 0 ? Verdict.CONTINUE : reply(504)));
    try (ToyMuxClient client = connect(holds)) {
      assertThat(client.echo("t", BODY).status()).isEqualTo(200);
      assertThat(client.call("/", "t", BODY).status()).isEqualTo(504);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onRequestData", "onResponseHead", "onResponseData"})
  void endsOnlyTheStreamsOfAnOldFilter_whenItHasToGo(String callback) throws Exception {
    TestFilter holds =
        new TestFilter("holds")
            .on(callback, (stream, message, end) -> stream.pause(LONG, reply(504)));
    Extension old = extension("holds", "1");
    publish(List.of(holds.bound(old)));
    try (ToyMuxClient client = connect()) {
      CompletableFuture<ToyMuxClient.Answer> held = later(client);
      Awaitility.await().until(() -> holds.seen().contains("holds." + callback));
      publish(List.of(new TestFilter("fresh").bound(extension("holds", "2"))));
      assertThat(old.leases()).isOne();
      network.evict(old);
      assertThatThrownBy(() -> held.get(10, SECONDS))
          .hasMessageContaining(callback.endsWith("Data") ? "DRAINING" : "status 503");
      assertThat(old.leases()).isZero();
      assertThat(holds.ended()).isOne();
      assertThat(client.isClosed()).isFalse();
      assertThat(client.echo("goes on", BODY).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onRequestData"})
  void endsThePause_whenTheClientGoes(String callback) throws Exception {
    LinkedBlockingQueue<Verdict.Pause> pauses = new LinkedBlockingQueue<>();
    TestFilter holds =
        new TestFilter("holds")
            .on(
                callback,
                (stream, message, end) -> {
                  Verdict.Pause pause = stream.pause(LONG, reply(504));
                  pauses.add(pause);
                  return pause;
                });
    ToyMuxClient client = connect(holds);
    CompletableFuture<ToyMuxClient.Answer> answer = later(client);
    Verdict.Pause pause = pauses.take();
    client.close();
    Awaitility.await().atMost(10, SECONDS).until(() -> holds.ended() == 1);
    assertThat(extensions.getFirst().leases()).isZero();
    pause.resume(Verdict.CONTINUE);
    assertThatThrownBy(() -> answer.get(10, SECONDS)).isNotNull();
    try (ToyMuxClient next = connect()) {
      CompletableFuture<ToyMuxClient.Answer> fresh = later(next);
      while (!fresh.isDone()) {
        Verdict.Pause other = pauses.poll(20, java.util.concurrent.TimeUnit.MILLISECONDS);
        if (other != null) {
          other.resume(Verdict.CONTINUE);
        }
      }
      assertThat(fresh.get().status()).isEqualTo(200);
    }
  }

  @Test
  void fails_whenItAnswersWithAPauseOfAnotherCall() throws Exception {
    Verdict.Pause[] kept = new Verdict.Pause[1];
    TestFilter holds =
        new TestFilter("holds")
            .on(
                "onRequestHead",
                (stream, message, end) -> {
                  kept[0] = stream.pause(LONG, reply(504));
                  return Verdict.CONTINUE;
                })
            .on("onResponseHead", (stream, message, end) -> kept[0]);
    try (ToyMuxClient client = connect(holds)) {
      assertThat(client.call("/", "t", BODY).status()).isGreaterThanOrEqualTo(500);
      assertThat(extensions.getFirst().failures()).isOne();
    }
  }

  // ---- offload

  @ParameterizedTest
  @ValueSource(strings = {"onRequestHead", "onRequestData", "onResponseHead", "onResponseData"})
  void blocksOnAThreadOfItsOwn_andGoesOnOnTheStrand(String callback) throws Exception {
    Queue<Thread> workers = new ConcurrentLinkedQueue<>();
    Queue<Thread> strands = new ConcurrentLinkedQueue<>();
    TestFilter blocks =
        new TestFilter("blocks")
            .on(
                callback,
                (stream, message, end) -> {
                  strands.add(Thread.currentThread());
                  return stream.offload(
                      () -> {
                        Thread.sleep(2);
                        workers.add(Thread.currentThread());
                        return "result";
                      },
                      result -> {
                        strands.add(Thread.currentThread());
                        stream.request().fields().add("x-result", result);
                        return Verdict.CONTINUE;
                      },
                      LONG,
                      reply(504));
                });
    try (ToyMuxClient client = connect(blocks)) {
      assertThat(client.echoAll(20, 500)).isEmpty();
      assertThat(workers).isNotEmpty().allMatch(StreamFilterTest::isOffloaded);
      assertThat(strands).noneMatch(StreamFilterTest::isOffloaded);
    }
  }

  private static boolean isOffloaded(Thread thread) {
    return thread.isVirtual() && thread.getName().startsWith("osprey-offload-");
  }

  @Test
  void mayOffloadAgain_onceTheFirstWorkIsDone() throws Exception {
    TestFilter twice =
        new TestFilter("twice")
            .on(
                "onRequestHead",
                (stream, message, end) ->
                    stream.offload(
                        () -> 1,
                        one ->
                            stream.offload(
                                () -> one + 1,
                                two -> two == 2 ? reply(402) : reply(500),
                                LONG,
                                reply(504)),
                        LONG,
                        reply(504)));
    try (ToyMuxClient client = connect(twice)) {
      assertThat(client.call("/", "t", BODY).status()).isEqualTo(402);
    }
  }

  @Test
  void interruptsOffloadedWork_whenTheClientGoes_andDropsItsLateAnswer() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch returned = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicBoolean answered = new AtomicBoolean();
    TestFilter blocks =
        new TestFilter("blocks")
            .on(
                "onRequestHead",
                (stream, message, end) ->
                    stream.offload(
                        () -> {
                          working.countDown();
                          try {
                            Thread.sleep(60_000);
                          } catch (InterruptedException wanted) {
                            interrupted.set(true);
                          }
                          release.await();
                          returned.countDown();
                          return "late";
                        },
                        late -> {
                          answered.set(true);
                          return Verdict.CONTINUE;
                        },
                        LONG,
                        reply(504)));
    ToyMuxClient client = connect(blocks);
    CompletableFuture<ToyMuxClient.Answer> answer = later(client);
    working.await();
    client.close();
    Awaitility.await().atMost(10, SECONDS).untilTrue(interrupted);
    assertThat(extensions.getFirst().leases()).as("its drain has ended").isZero();
    release.countDown();
    returned.await();
    var _ = network.connections(10).get(10, SECONDS);
    assertThat(answered).isFalse();
    assertThat(extensions.getFirst().failures()).isZero();
    assertThatThrownBy(() -> answer.get(10, SECONDS)).isNotNull();
  }

  @Test
  void interruptsOffloadedWork_whenItsTimeIsUp() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    TestFilter blocks =
        new TestFilter("blocks")
            .on(
                "onRequestHead",
                (stream, message, end) ->
                    stream.offload(
                        () -> {
                          try {
                            Thread.sleep(60_000);
                          } catch (InterruptedException wanted) {
                            interrupted.set(true);
                          }
                          return "late";
                        },
                        late -> reply(500),
                        SHORT,
                        reply(504)));
    try (ToyMuxClient client = connect(blocks)) {
      assertThat(client.call("/", "t", BODY).status()).isEqualTo(504);
      Awaitility.await().atMost(10, SECONDS).untilTrue(interrupted);
    }
  }

  @Test
  void fails_whenOffloadedWorkThrows() throws Exception {
    TestFilter blocks =
        new TestFilter("blocks")
            .on(
                "onRequestHead",
                (stream, message, end) ->
                    stream.offload(
                        () -> {
                          throw new IOException("no");
                        },
                        never -> Verdict.CONTINUE,
                        LONG,
                        Verdict.CONTINUE));
    try (ToyMuxClient client = connect(blocks)) {
      assertThat(client.call("/", "t", BODY).status()).isGreaterThanOrEqualTo(500);
      assertThat(extensions.getFirst().failures()).isOne();
    }
  }

  // ---- faults

  static Stream<Arguments> faults() {
    List<String> callbacks = new ArrayList<>(ThrowingExtensions.callbacks(StreamFilter.class));
    callbacks.add("open");
    return callbacks.stream()
        .filter(name -> !name.endsWith("Trailers"))
        .flatMap(name -> Stream.of(Fault.Kind.values()).map(kind -> Arguments.of(name, kind)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fencesWhatAFilterThrows(String callback, Fault.Kind kind) throws Exception {
    Fault fault = new Fault(callback, 1, kind);
    Extension bad = extension("bad", "1");
    publish(
        List.of(
            TestFilter.bound(ThrowingExtensions.streamFilter(new TestFilter("bad"), fault), bad)));
    try (ToyMuxClient client = connect()) {
      if (callback.equals("ended")) {
        assertThat(client.echo("t", BODY).status()).isEqualTo(200);
      } else if (callback.equals("onResponseData")) {
        assertThatThrownBy(() -> client.echo("t", BODY))
            .hasMessageContaining(Reset.Reason.EXTENSION_FAILURE.name());
      } else {
        assertThat(client.call("/", "t", BODY).status()).isGreaterThanOrEqualTo(500);
      }
      Awaitility.await().atMost(10, SECONDS).until(() -> bad.leases() == 0);
      assertThat(bad.failures()).isOne();
      publish(List.of());
      assertThat(client.echo("t", BODY).status()).as("the same connection").isEqualTo(200);
    }
  }

  // ---- swap

  @Test
  void finishesOnTheVersionItBeganOn_whileNewStreamsUseTheNewOne() throws Exception {
    LinkedBlockingQueue<Verdict.Pause> pauses = new LinkedBlockingQueue<>();
    Extension old = extension("f", "1");
    TestFilter first =
        new TestFilter("first")
            .on(
                "onRequestHead",
                (stream, message, end) -> {
                  Verdict.Pause pause = stream.pause(LONG, reply(504));
                  pauses.add(pause);
                  return pause;
                });
    publish(List.of(first.bound(old)));
    try (ToyMuxClient client = connect()) {
      CompletableFuture<ToyMuxClient.Answer> running = later(client);
      Verdict.Pause pause = pauses.take();
      TestFilter second = new TestFilter("second");
      publish(List.of(second.bound(extension("f", "2"))));
      assertThat(client.echo("t", BODY).status()).isEqualTo(200);
      assertThat(second.opened()).isOne();
      assertThat(first.opened()).isOne();
      assertThat(old.leases()).isOne();
      pause.resume(Verdict.CONTINUE);
      assertThat(running.get(10, SECONDS).status()).isEqualTo(200);
      assertThat(first.seen()).contains("first.onResponseHead", "first.onResponseData");
      Awaitility.await().until(() -> old.leases() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"offloads", "pauses", "holdsAnswers", "replies"})
  void losesNothing_whenAFilterIsSwappedAgainAndAgainUnderLoad(String what) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Extension[] current = {extension("f", "0")};
    publish(List.of(swapped(what).bound(current[0])));
    try (ToyMuxClient client = connect()) {
      CompletableFuture<List<String>> load =
          CompletableFuture.supplyAsync(
              () -> {
                List<String> problems = new ArrayList<>();
                try {
                  while (!over.get() && problems.isEmpty()) {
                    problems.addAll(
                        what.equals("replies") ? replies(client) : client.echoAll(40, 1_000));
                  }
                } catch (InterruptedException | IOException failed) {
                  throw new IllegalStateException(failed);
                }
                return problems;
              },
              Thread::startVirtualThread);
      for (int swap = 1; swap <= 50; swap++) {
        Extension next = extension("f", Integer.toString(swap));
        Extension old = current[0];
        publish(List.of(swapped(what).bound(next)));
        Awaitility.await().atMost(30, SECONDS).until(() -> old.leases() == 0);
        current[0] = next;
      }
      over.set(true);
      assertThat(load.get(20, SECONDS)).isEmpty();
      assertThat(client.isClosed()).isFalse();
      assertThat(upstream.closes()).isZero();
      assertThat(extensions).allMatch(extension -> extension.failures() == 0);
    }
  }

  private static TestFilter swapped(String what) {
    TestFilter filter = new TestFilter(what);
    return switch (what) {
      case "offloads" ->
          filter.on(
              "onRequestHead",
              (stream, head, end) ->
                  stream.offload(() -> 1, one -> Verdict.CONTINUE, LONG, reply(504)));
      case "pauses" ->
          filter.on("onRequestHead", (stream, head, end) -> stream.pause(SHORT, Verdict.CONTINUE));
      case "holdsAnswers" ->
          filter.on(
              "onResponseHead",
              (stream, head, end) -> {
                Verdict.Pause pause = stream.pause(LONG, reply(504));
                Thread.startVirtualThread(() -> pause.resume(Verdict.CONTINUE));
                return pause;
              });
      default -> filter.on("onRequestHead", (stream, head, end) -> reply(418));
    };
  }

  private static List<String> replies(ToyMuxClient client)
      throws IOException, InterruptedException {
    ToyMuxClient.Answer answer = client.call("/", "t", BODY);
    boolean right = answer.status() == 418 && answer.body().length == "by a filter".length();
    return right ? List.of() : List.of(answer.status() + " of " + answer.body().length + " bytes");
  }
}
