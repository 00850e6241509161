package dev.osprey.it.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Open streams of one client connection whose bodies go up, down and both ways until they are told
 * to end, some as fast as their readers are slow; and some streams that rest. Every byte is checked
 * at both ends.
 */
public final class MixedStreams implements AutoCloseable {
  /** What the paths of every fourth stream begin with. */
  public static final String DETOUR = "/detour/";

  private static final int SLOW = 2_000;
  private static final int AT_REST = 3_000;
  private static final int UPSTREAM_WINDOW = 20_000;

  private final PatternPeer client;
  private final PatternUpstream upstream;
  private final List<PatternStream> asked = new ArrayList<>();
  private final int first;

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

  private MixedStreams(PatternPeer client, PatternUpstream upstream, int first) {
    this.client = client;
    this.upstream = upstream;
    this.first = first;
  }

  /** The server for such streams. */
  public static PatternUpstream upstream() {
    return PatternUpstream.start(
        (peer, stream) -> serve(stream), RawHttp2.INITIAL_WINDOW_SIZE, UPSTREAM_WINDOW);
  }

  /**
   * Opens streams on a new connection and waits until all bodies flow.
   *
   * @param first the number of the first; the upstream knows them by their numbers
   */
  public static MixedStreams open(int port, PatternUpstream upstream, int first, int count) {
    MixedStreams streams = new MixedStreams(PatternPeer.connect(port), upstream, first);
    for (int i = 0; i < count; i++) {
      streams.ask(first + i);
    }
    streams.awaitProgress();
    return streams;
  }

  /** The connection. */
  public PatternPeer client() {
    return client;
  }

  // ---- both sides

  /** Where in the pattern a stream's body begins. */
  private static long upFrom(int number) {
    return 631L * number;
  }

  private static long downFrom(int number) {
    return 100_003 + 631L * number;
  }

  private void ask(int number) {
    Kind kind = Kind.of(number);
    long pace = kind == Kind.REST ? 0 : kind == Kind.UP_SLOWLY_READ ? PatternStream.NO_END : SLOW;
    boolean body = kind.goesUp() || kind == Kind.REST;
    PatternStream stream =
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
                path(number));
    asked.add(stream);
  }

  /** The upstream begins what goes down at once. */
  private static void serve(PatternStream stream) {
    int number = number(stream);
    Kind kind = Kind.of(number);
    var _ = stream.reads(upFrom(number), kind == Kind.UP_SLOWLY_READ ? SLOW : PatternStream.NO_END);
    if (kind.goesDown()) {
      long pace = kind == Kind.DOWN_SLOWLY_READ ? PatternStream.NO_END : SLOW;
      var _ = stream.sends(downFrom(number), PatternStream.NO_END, pace, ":status", "200");
    }
  }

  /** Every fourth has a path of its own, for a way that a test may make longer. */
  private static String path(int number) {
    return (number % 4 == 3 ? DETOUR : "/") + number;
  }

  private static int number(PatternStream served) {
    String path = served.field(":path");
    return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
  }

  /** These streams at the upstream, by their numbers; a number may be there once only. */
  private Map<Integer, PatternStream> served() {
    Map<Integer, PatternStream> served = new HashMap<>();
    for (PatternPeer connection : upstream.connections()) {
      for (PatternStream stream : connection.streams()) {
        int number = number(stream);
        if (number >= first && number < first + asked.size()) {
          assertThat(served.put(number, stream)).as("stream %d came twice", number).isNull();
        }
      }
    }
    return served;
  }

  // ---- what tests do

  /** Body bytes that the upstream and the client have got. */
  public long moved() {
    return movedUp() + client.received();
  }

  private long movedUp() {
    return served().values().stream().mapToLong(PatternStream::received).sum();
  }

  /** Waits until every body that moves has moved on, as its reader sees it. */
  public void awaitProgress() {
    await("all streams are at the upstream").until(() -> served().size() == asked.size());
    Map<PatternStream, Long> seen = new HashMap<>();
    moving().forEach(it -> seen.put(it, it.received()));
    await("every body goes on")
        .until(
            () -> seen.entrySet().stream().allMatch(it -> it.getKey().received() > it.getValue()));
  }

  private Stream<PatternStream> moving() {
    return Stream.concat(
        served().entrySet().stream()
            .filter(it -> Kind.of(it.getKey()).goesUp())
            .map(Map.Entry::getValue),
        asked.stream().filter(it -> Kind.of(number(asked.indexOf(it))).goesDown()));
  }

  private int number(int index) {
    return first + index;
  }

  /** Whether no answer has ended. */
  public boolean areOpen() {
    return none(asked, PatternStream::isEnded);
  }

  private static boolean none(Iterable<PatternStream> streams, Predicate<PatternStream> predicate) {
    for (PatternStream stream : streams) {
      if (predicate.test(stream)) {
        return false;
      }
    }
    return true;
  }

  /** Ends them all, and checks that each byte that was sent has arrived. */
  public void finish() {
    for (int i = 0; i < asked.size(); i++) {
      PatternStream stream = asked.get(i);
      stream.finish(Kind.of(number(i)) == Kind.REST ? AT_REST : stream.sent());
    }
    Map<Integer, PatternStream> served = served();
    served.values().forEach(PatternStream::readFast);
    await("the upstream has read all").until(() -> none(served.values(), it -> !it.isEnded()));
    served.forEach(MixedStreams::answer);
    await("the client has read all").until(() -> none(asked, it -> !it.isDone()));
    served.forEach((number, stream) -> assertEachByteArrived(asked.get(number - first), stream));
  }

  private static void answer(int number, PatternStream stream) {
    if (Kind.of(number).goesDown()) {
      stream.finish(stream.sent());
    } else {
      var _ = stream.sends(downFrom(number), AT_REST, PatternStream.NO_END, ":status", "200");
    }
  }

  private static void assertEachByteArrived(PatternStream own, PatternStream served) {
    assertThat(own.field(":status")).isEqualTo("200");
    assertThat(served.received()).as("%s at the upstream", own).isEqualTo(own.sent());
    assertThat(own.received()).as("%s at the client", own).isEqualTo(served.sent());
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return "%d streams, %,d bytes up, %,d down"
        .formatted(asked.size(), movedUp(), client.received());
  }
}
