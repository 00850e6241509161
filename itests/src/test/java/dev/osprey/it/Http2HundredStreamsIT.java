package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternPeer;
import dev.osprey.it.harness.PatternStream;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.Report;
import dev.osprey.load.ResidueProbe;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * One client connection with a hundred open streams through a hundred swaps of its codec: bodies go
 * up, down and both ways, some as fast as their readers are slow, and some streams rest. Nothing is
 * reset, nothing is said goodbye to, every byte is right at both ends, and in the end one class
 * loader of the codec is left, with the connection still open.
 */
class Http2HundredStreamsIT {
  private static final int STREAMS = 100;
  private static final int SWAPS = 100;
  private static final int SLOW = 2_000;
  private static final int AT_REST = 3_000;
  private static final int FRONT = Ports.free();
  private static final PatternUpstream UPSTREAM =
      PatternUpstream.start(Http2HundredStreamsIT::serve, RawHttp2.INITIAL_WINDOW_SIZE, 20_000);
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front", FRONT, "", "match: { prefix: / }, route: { cluster: app, timeout: 0s }")
              .withCluster("app", Config.speaking("http2_protocol_options"), UPSTREAM.port()));

  /** What a stream does, by its number. */
  private enum Kind {
    /** The client sends slowly. */
    UP,
    /** The client sends as fast as the upstream reads, slowly. */
    UP_SLOWLY_READ,
    /** The upstream sends slowly. */
    DOWN,
    /** The upstream sends as fast as the client reads, slowly. */
    DOWN_SLOWLY_READ,
    /** Both send slowly. */
    BOTH,
    /** Nobody sends. */
    REST;

    static Kind of(int number) {
      return values()[number % values().length];
    }

    boolean goesUp() {
      return this == UP || this == UP_SLOWLY_READ || this == BOTH;
    }

    boolean goesDown() {
      return this == DOWN || this == DOWN_SLOWLY_READ || this == BOTH;
    }
  }

  /** Where in the pattern a stream's body begins. */
  private static long upFrom(int number) {
    return 631L * number;
  }

  private static long downFrom(int number) {
    return 100_003 + 631L * number;
  }

  private static void ask(PatternPeer client, int number) {
    Kind kind = Kind.of(number);
    long pace = kind == Kind.REST ? 0 : kind == Kind.UP_SLOWLY_READ ? PatternStream.NO_END : SLOW;
    boolean body = kind.goesUp() || kind == Kind.REST;
    client
        .open()
        .reads(downFrom(number), kind == Kind.DOWN_SLOWLY_READ ? SLOW : PatternStream.NO_END)
        .sends(
            upFrom(number),
            body ? PatternStream.NO_END : 0,
            pace,
            ":method",
            body ? "POST" : "GET",
            ":scheme",
            "http",
            ":authority",
            "a",
            ":path",
            "/" + number);
  }

  /** The upstream begins what goes down at once. */
  private static void serve(PatternPeer peer, PatternStream stream) {
    int number = number(stream);
    Kind kind = Kind.of(number);
    var _ = stream.reads(upFrom(number), kind == Kind.UP_SLOWLY_READ ? SLOW : PatternStream.NO_END);
    if (kind.goesDown()) {
      long pace = kind == Kind.DOWN_SLOWLY_READ ? PatternStream.NO_END : SLOW;
      var _ = stream.sends(downFrom(number), PatternStream.NO_END, pace, ":status", "200");
    }
  }

  private static int number(PatternStream atUpstream) {
    return Integer.parseInt(atUpstream.field(":path").substring(1));
  }

  /** The number of a stream of the client's, in the order in which it opened them. */
  private static int numberAtClient(PatternStream stream) {
    return stream.id() / 2;
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @Test
  void aHundredStreamsOfOneConnectionPassAHundredSwaps() {
    long before = OSPREY.reports().newest();
    try (PatternPeer client = PatternPeer.connect(FRONT)) {
      for (int number = 0; number < STREAMS; number++) {
        ask(client, number);
      }
      awaitProgress(client);
      PatternPeer upstream = UPSTREAM.connections().getFirst();
      for (int swap = 0; swap < SWAPS; swap++) {
        long down = client.received();
        long up = upstream.received();
        var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
        await("bodies go on")
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> client.received() > down && upstream.received() > up);
      }
      awaitProgress(client);
      assertThat(client.streams()).hasSize(STREAMS).noneMatch(PatternStream::isEnded);

      finish(client, upstream);
      assertEachByteArrived(client, upstream);
      assertNothingWasEnded(client, upstream);
      assertEverySwapMovedBothConnections(before);
      assertOneLoaderIsLeft(before);
      assertTheConnectionServes(client);
    }
  }

  /** Waits until every stream that moves has moved on, as its reader sees it. */
  private static void awaitProgress(PatternPeer client) {
    await("all streams are there")
        .until(() ->
            UPSTREAM.connections().stream().mapToInt(it -> it.streams().size()).sum() == STREAMS);
    PatternPeer upstream = UPSTREAM.connections().getFirst();
    Map<PatternStream, Long> seen = new HashMap<>();
    client.streams().stream()
        .filter(it -> Kind.of(numberAtClient(it)).goesDown())
        .forEach(it -> seen.put(it, it.received()));
    upstream.streams().stream()
        .filter(it -> Kind.of(number(it)).goesUp())
        .forEach(it -> seen.put(it, it.received()));
    await("every body goes on")
        .until(
            () -> seen.entrySet().stream().allMatch(it -> it.getKey().received() > it.getValue()));
  }

  private static void finish(PatternPeer client, PatternPeer upstream) {
    for (PatternStream stream : client.streams()) {
      boolean rests = Kind.of(numberAtClient(stream)) == Kind.REST;
      client.finish(stream, rests ? AT_REST : stream.sent());
    }
    await("the upstream has read all").until(() -> allOf(upstream, PatternStream::isEnded));
    upstream.finish();
    for (PatternStream stream : upstream.streams()) {
      if (!Kind.of(number(stream)).goesDown()) {
        var _ =
            stream.sends(downFrom(number(stream)), AT_REST, PatternStream.NO_END, ":status", "200");
      }
    }
    await("the client has read all").until(() -> allOf(client, PatternStream::isDone));
  }

  private static boolean allOf(PatternPeer peer, Predicate<PatternStream> predicate) {
    return peer.streams().stream().allMatch(predicate);
  }

  private static void assertEachByteArrived(PatternPeer client, PatternPeer upstream) {
    Map<Integer, PatternStream> asked = new HashMap<>();
    client.streams().forEach(it -> asked.put(numberAtClient(it), it));
    for (PatternStream served : upstream.streams()) {
      PatternStream own = asked.get(number(served));
      assertThat(own.field(":status")).isEqualTo("200");
      assertThat(served.received()).as("%s at the upstream", own).isEqualTo(own.sent());
      assertThat(own.received()).as("%s at the client", own).isEqualTo(served.sent());
    }
    System.out.printf(
        "HTTP/2, %d streams, %d swaps: %,d bytes up, %,d down%n",
        STREAMS, SWAPS, upstream.received(), client.received());
  }

  private static void assertNothingWasEnded(PatternPeer client, PatternPeer upstream) {
    assertThat(UPSTREAM.connections()).as("upstream connections").hasSize(1);
    for (PatternPeer peer : List.of(client, upstream)) {
      assertThat(peer.problems()).isEmpty();
      assertThat(peer.goodbyes()).isEmpty();
      assertThat(peer.isOver()).isFalse();
    }
  }

  private static void assertEverySwapMovedBothConnections(long before) {
    Collection<Report> swaps = OSPREY.reports().allAfter(before);
    assertThat(swaps)
        .hasSize(SWAPS)
        .allMatch(Report::isPublished)
        .allMatch(swap -> swap.fellBack() == 0)
        .allMatch(swap -> swap.connectionsMoved() == 2);
  }

  private static void assertOneLoaderIsLeft(long before) {
    ResidueProbe probe =
        ResidueProbe.of(OSPREY.pid(), "dev\\.osprey\\.codec\\.http2\\.Http2Factory");
    await("one class loader of the codec is left")
        .atMost(Duration.ofSeconds(30))
        .until(() -> factories(probe) == 1);
    await("the reports say so")
        .until(() ->
            OSPREY.reports().allAfter(before).stream()
                .allMatch(it -> it.classLoader(Builds.HTTP2).startsWith("collected")));
  }

  private static long factories(ResidueProbe probe) {
    return probe.probe().instances().values().stream().mapToLong(n -> n).sum();
  }

  private static void assertTheConnectionServes(PatternPeer client) {
    ask(client, STREAMS);
    PatternStream last = client.streams().getLast();
    await("one more answer has begun").until(() -> last.field(":status").equals("200"));
    assertThat(client.isOver()).isFalse();
  }
}
