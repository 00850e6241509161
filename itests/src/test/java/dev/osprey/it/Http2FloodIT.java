package dev.osprey.it;

import static dev.osprey.it.harness.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Hpack;
import dev.osprey.it.harness.MixedStreams;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternStream;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.RawHttp2.Frame;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that waste time or memory, in a process with little of it: each is ended, or bounded, as
 * the codec's README says, and counted by reason; another client's streams go on meanwhile, byte by
 * byte. {@link Http2BadInputIT} has PINGs, resets and CONTINUATION.
 */
class Http2FloodIT {
  /** A field that the table takes, to be named again and again. */
  private static final byte[] FUSE = Hpack.indexing("x-bomb", "b".repeat(3900));

  private static final int PRIORITY = 2;
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int STREAM_WINDOW = 262_144;
  private static final int STREAMS = 100;
  private static final int MOST_BYTES = 20_000;

  /** More than the kernel holds of one connection. */
  private static final int SOCKET_BUFFERS = 16 << 20;

  private static final int PORT = Ports.free();
  private static final int BRIEF = Ports.free();
  private static final ScriptedUpstream APP = ScriptedUpstream.start();
  private static final PatternUpstream GOOD = MixedStreams.upstream();
  private static final PatternUpstream ENDLESS =
      PatternUpstream.start((peer, stream) ->
          stream.sends(0, PatternStream.NO_END, PatternStream.NO_END, ":status", "200"));
  private static final Osprey OSPREY =
      Osprey.start(
          Archive.shared(),
          Config.empty()
              .withManager(
                  "front",
                  PORT,
                  "",
                  "match: { prefix: /app }, route: { cluster: app, timeout: 0s }",
                  "match: { prefix: /endless }, route: { cluster: endless, timeout: 0s }",
                  "match: { prefix: / }, route: { cluster: good, timeout: 0s }")
              .withManager(
                  "brief",
                  BRIEF,
                  "stream_flush_timeout: 1s",
                  "match: { prefix: / }, route: { cluster: app, timeout: 0s }")
              .withCluster("app", APP.port())
              .withCluster("good", Config.speaking("http2_protocol_options"), GOOD.port())
              .withCluster("endless", Config.speaking("http2_protocol_options"), ENDLESS.port()),
          List.of(),
          List.of("-Xmx96m", "-XX:MaxDirectMemorySize=96m", "-XX:+ExitOnOutOfMemoryError"));

  private static MixedStreams innocent;

  @BeforeAll
  static void beginInnocently() {
    innocent = MixedStreams.open(PORT, GOOD, 0, 12);
  }

  @AfterAll
  static void end() {
    innocent.finish();
    innocent.close();
    assertThat(OSPREY.stop()).isZero();
    APP.close();
    GOOD.close();
    ENDLESS.close();
  }

  @AfterEach
  void theInnocentGoesOn() {
    innocent.awaitProgress();
    assertThat(innocent.areOpen()).isTrue();
    assertThat(innocent.client().problems()).isEmpty();
    assertThat(innocent.client().goodbyes()).isEmpty();
  }

  private static long count(String name) {
    JsonObject counters = OSPREY.ctl().json("stats").getAsJsonObject().getAsJsonObject("counters");
    JsonElement value = counters.get("http2." + name);
    return value == null ? 0 : value.getAsLong();
  }

  private static byte[] times(int count, IntFunction<byte[]> part) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(part.apply(i));
    }
    return all.toByteArray();
  }

  private static byte[] get(byte[]... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(
        Hpack.literals(":method", "GET", ":scheme", "http", ":path", "/app", ":authority", "a"));
    Arrays.stream(more).forEach(block::writeBytes);
    return block.toByteArray();
  }

  static Stream<Arguments> floods() {
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(65_535).array();
    byte[] open = frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, get());
    byte[] window = frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1));
    byte[] empty = frame(RawHttp2.DATA, 0, 1, new byte[0]);
    byte[] unknown = frame(200, 0, 0, new byte[5]);
    return Stream.of(
        Arguments.of(times(4000, i -> frame(RawHttp2.SETTINGS, 0, 0, settings)), "control_flood"),
        Arguments.of(times(4000, i -> unknown), "control_flood"),
        Arguments.of(times(1000, i -> window), "window_update_frames_flood"),
        Arguments.of(
            times(1000, i -> frame(PRIORITY, 0, 1 + 2 * i, new byte[] {0, 0, 0, 0, 7})),
            "priority_frames_flood"),
        Arguments.of(times(3, i -> i == 0 ? open : empty), "empty_frames_flood"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource
  void floods(byte[] input, String counter) {
    long before = count(counter);
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.inStep().sendAsFarAsItGoes(input);

      assertCalmed(client);
    }
    assertThat(count(counter)).isEqualTo(before + 1);
  }

  private static void assertCalmed(RawHttp2 client) {
    Frame goaway = client.await(it -> it.type() == RawHttp2.GOAWAY);
    assertThat(goaway.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
    var _ = client.awaitEnd();
  }

  /** Twelve thousand times four thousand bytes, from one frame. */
  @Test
  void oneBombOfHpack() {
    long ended = count("head_flood");
    byte[] bomb = get(times(12_000, i -> Hpack.indexed(62)));
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.send(frame(RawHttp2.HEADERS, 5, 1, get(FUSE)));
      assertThat(client.awaitHead(1)).contains(":status: 200");
      client.send(frame(RawHttp2.HEADERS, 5, 3, bomb));

      assertCalmed(client);
    }
    assertThat(count("head_flood")).isEqualTo(ended + 1);
  }

  /** Forty times four thousand bytes, two and a half times the limit, again and again. */
  @Test
  void bombsOfHpack() {
    long tooLarge = count("header_overflow");
    long ended = count("rapid_reset");
    byte[] bomb = get(times(40, i -> Hpack.indexed(62)));
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.send(frame(RawHttp2.HEADERS, 5, 1, get(FUSE)));
      assertThat(client.awaitHead(1)).contains(":status: 200");
      client.send(frame(RawHttp2.HEADERS, 5, 3, bomb));
      assertThat(client.awaitHead(3)).contains(":status: 431");
      client.sendAsFarAsItGoes(times(600, i -> frame(RawHttp2.HEADERS, 5, 5 + 2 * i, bomb)));

      assertCalmed(client);
    }
    assertThat(count("header_overflow")).isGreaterThan(tooLarge + 100);
    assertThat(count("rapid_reset")).isEqualTo(ended + 1);
  }

  /** A byte at a time, each of which is asked for. */
  @Test
  void tinyWindows() {
    long before = count("control_flood");
    try (RawHttp2 client = RawHttp2.connect(PORT, RawHttp2.INITIAL_WINDOW_SIZE, 1)) {
      client.request(1, true, "GET", "/endless/tiny");
      Frame last = client.await(it -> it.is(RawHttp2.DATA, 1));
      for (int i = 0; i < MOST_BYTES && last.type() == RawHttp2.DATA; i++) {
        last =
            client
                .window(1, 1)
                .await(it -> it.type() == RawHttp2.DATA || it.type() == RawHttp2.GOAWAY);
      }

      assertThat(last.type()).isEqualTo(RawHttp2.GOAWAY);
      assertThat(last.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
    }
    assertThat(count("control_flood")).isEqualTo(before + 1);
  }

  /** All windows are open, yet nothing is read: what waits for it has a bound. */
  @Test
  void aClientThatNeverReads() {
    try (RawHttp2 client =
        RawHttp2.connect(PORT, RawHttp2.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)) {
      client.window(0, Integer.MAX_VALUE - 65_535);
      for (int i = 0; i < STREAMS; i++) {
        client.request(1 + 2 * i, true, "GET", "/endless/unread");
      }
      await("all are asked").until(() -> unread().count() == STREAMS);
      await("nothing moves any more")
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(new Standstill()::isReached);

      assertThat(sentUnread()).isLessThan((long) STREAMS * STREAM_WINDOW + SOCKET_BUFFERS);
      client.abort();
    }
  }

  private static Stream<PatternStream> unread() {
    return ENDLESS.connections().stream()
        .flatMap(it -> it.streams().stream())
        .filter(it -> it.field(":path").endsWith("unread"));
  }

  private static long sentUnread() {
    return unread().mapToLong(PatternStream::sent).sum();
  }

  /** Two looks at the same number. */
  private static final class Standstill {
    private long last = -1;

    boolean isReached() {
      long now = sentUnread();
      boolean same = now == last && now > 0;
      last = now;
      return same;
    }
  }

  /** An answer that is complete, for a client that gives no window at all. */
  @Test
  void aClientThatGivesNoWindow() {
    long before = count("flush_timeout");
    try (RawHttp2 client = RawHttp2.connect(BRIEF, RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
      client.request(1, true, "GET", "/");
      assertThat(client.awaitHead(1)).contains(":status: 200");

      Frame reset = client.await(it -> it.is(RawHttp2.RST_STREAM, 1));
      assertThat(reset.number(0)).isEqualTo(CANCEL);
      assertThat(client.inStep().count(RawHttp2.GOAWAY)).isZero();
    }
    assertThat(count("flush_timeout")).isEqualTo(before + 1);
  }
}
