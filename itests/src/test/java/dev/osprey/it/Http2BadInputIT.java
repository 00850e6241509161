package dev.osprey.it;

import static dev.osprey.it.harness.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Hpack;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.RawHttp2.Frame;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that break the rules of HTTP/2, or waste our time: each hears the RFC's code, is counted by
 * reason and logged once, and another connection goes on as if nothing had been.
 */
class Http2BadInputIT {
  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int FRAME_SIZE_ERROR = 6;
  private static final int COMPRESSION_ERROR = 9;
  private static final int ENHANCE_YOUR_CALM = 11;

  private static final int PORT = Ports.free();
  private static final ScriptedUpstream APP = ScriptedUpstream.start();
  private static final ServerSocket RAW = server();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front",
                  PORT,
                  "",
                  "match: { prefix: /raw }, route: { cluster: raw }",
                  "match: { prefix: / }, route: { cluster: app }")
              .withCluster("app", APP.port())
              .withCluster("raw", Config.speaking("http2_protocol_options"), RAW.getLocalPort()));

  private static RawHttp2 neighbour;
  private static int asked = -1;

  private static ServerSocket server() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @BeforeAll
  static void connectNeighbour() {
    neighbour = RawHttp2.connect(PORT);
    assertNeighbourGoesOn();
  }

  @AfterAll
  static void end() throws IOException {
    neighbour.close();
    assertThat(OSPREY.stop()).isZero();
    APP.close();
    RAW.close();
  }

  private static void assertNeighbourGoesOn() {
    asked += 2;
    neighbour.request(asked, true, "GET", "/");
    assertThat(neighbour.awaitHead(asked)).contains(":status: 200");
    assertThat(neighbour.count(RawHttp2.GOAWAY)).isZero();
  }

  private static long count(String name) {
    JsonObject counters = OSPREY.ctl().json("stats").getAsJsonObject().getAsJsonObject("counters");
    JsonElement value = counters.get("http2." + name);
    return value == null ? 0 : value.getAsLong();
  }

  /** The one line about a connection; its peer and this reason stand in it. */
  private static void assertLoggedOnce(int port, String reason) {
    String peer = "127.0.0.1:" + port + " ";
    await("a line about " + peer).until(() -> !OSPREY.linesWith(peer).isEmpty());
    assertThat(OSPREY.linesWith(peer)).singleElement().asString().contains("peers", reason);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] times(int count, java.util.function.IntFunction<byte[]> part) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(part.apply(i));
    }
    return all.toByteArray();
  }

  private static byte[] head(int stream, boolean end, String... more) {
    byte[] usual =
        Hpack.literals(":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a");
    return frame(RawHttp2.HEADERS, end ? 5 : 4, stream, join(usual, Hpack.literals(more)));
  }

  private static byte[] window(int stream, int bytes) {
    return frame(RawHttp2.WINDOW_UPDATE, 0, stream, RawHttp2.number(bytes));
  }

  static Stream<Arguments> connectionErrors() {
    byte[] nothing = {};
    byte[] ping = frame(RawHttp2.PING, 0, 0, new byte[8]);
    byte[] broken = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    return Stream.of(
        Arguments.of(
            frame(RawHttp2.DATA, 0, 1, new byte[20_000]), FRAME_SIZE_ERROR, "frame_size_error"),
        Arguments.of(frame(RawHttp2.PING, 0, 0, new byte[7]), FRAME_SIZE_ERROR, "frame_size_error"),
        Arguments.of(frame(RawHttp2.SETTINGS, 0, 1, nothing), PROTOCOL_ERROR, "protocol_error"),
        Arguments.of(head(2, true), PROTOCOL_ERROR, "protocol_error"),
        Arguments.of(frame(RawHttp2.CONTINUATION, 4, 1, nothing), PROTOCOL_ERROR, "protocol_error"),
        Arguments.of(frame(RawHttp2.HEADERS, 5, 1, broken), COMPRESSION_ERROR, "compression_error"),
        Arguments.of(window(0, Integer.MAX_VALUE), FLOW_CONTROL_ERROR, "flow_control_error"),
        Arguments.of(join(head(5, true), head(3, true)), PROTOCOL_ERROR, "stream_closed"),
        Arguments.of(times(4000, i -> ping), ENHANCE_YOUR_CALM, "control_flood"),
        Arguments.of(
            times(
                600,
                i ->
                    join(
                        head(2 * i + 1, false),
                        frame(RawHttp2.RST_STREAM, 0, 2 * i + 1, RawHttp2.number(8)))),
            ENHANCE_YOUR_CALM,
            "rapid_reset"),
        Arguments.of(
            join(
                frame(RawHttp2.HEADERS, 0, 1, nothing),
                times(100, i -> frame(RawHttp2.CONTINUATION, 0, 1, new byte[] {(byte) 0x82}))),
            ENHANCE_YOUR_CALM,
            "continuation_flood"));
  }

  @ParameterizedTest
  @MethodSource
  void connectionErrors(byte[] input, int code, String counter) {
    long before = count(counter);
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.inStep().sendAsFarAsItGoes(input);
      Frame goaway = client.await(it -> it.type() == RawHttp2.GOAWAY);

      assertThat(goaway.number(4)).isEqualTo(code);
      assertLoggedOnce(client.localPort(), "front");
    }
    assertThat(count(counter)).isEqualTo(before + 1);
    assertNeighbourGoesOn();
  }

  static Stream<Arguments> streamErrors() {
    return Stream.of(
        Arguments.of(join(head(1, false), window(1, 0)), PROTOCOL_ERROR, "stream_protocol_error"),
        Arguments.of(
            join(head(1, false), window(1, Integer.MAX_VALUE)),
            FLOW_CONTROL_ERROR,
            "stream_flow_control_error"),
        Arguments.of(
            join(head(1, false), frame(2, 0, 1, new byte[4])),
            FRAME_SIZE_ERROR,
            "stream_frame_size_error"),
        Arguments.of(head(1, true, "Upper", "x"), PROTOCOL_ERROR, "messaging_error"),
        Arguments.of(head(1, true, "connection", "x"), PROTOCOL_ERROR, "messaging_error"));
  }

  @ParameterizedTest
  @MethodSource
  void streamErrors(byte[] input, int code, String counter) {
    long before = count(counter);
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.inStep().send(input);
      Frame reset = client.await(it -> it.is(RawHttp2.RST_STREAM, 1));

      assertThat(reset.number(0)).isEqualTo(code);
      client.request(3, true, "GET", "/");
      assertThat(client.awaitHead(3)).contains(":status: 200");
      client.send(head(5, true, "Upper", "again"));
      client.await(it -> it.is(RawHttp2.RST_STREAM, 5));
      assertLoggedOnce(client.localPort(), "front");
    }
    assertThat(count(counter)).isGreaterThan(before);
    assertNeighbourGoesOn();
  }

  /** A server that was connected to and never speaks is as good as none. */
  @Test
  void anUpstreamThatSaysNothing() {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.request(1, true, "GET", "/raw");
      try (RawHttp2 upstream = RawHttp2.acceptSilently(RAW)) {
        assertThat(client.awaitHead(1)).contains(":status: 503");
        assertThat(upstream.count(RawHttp2.HEADERS)).isZero();
      }
    }
    assertNeighbourGoesOn();
  }

  @Test
  void anUpstreamsErrors() {
    long before = count("compression_error");
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.request(1, true, "GET", "/raw");
      int port = RAW.getLocalPort();
      try (RawHttp2 upstream = RawHttp2.accept(RAW)) {
        var _ = upstream.awaitHead(1);
        upstream.send(frame(RawHttp2.HEADERS, 4, 1, new byte[] {(byte) 0xff, -1, -1, -1, -1, -1}));

        assertThat(client.awaitHead(1)).contains(":status: 502");
        Frame goaway = upstream.await(it -> it.type() == RawHttp2.GOAWAY);
        assertThat(List.of(goaway.number(0), goaway.number(4)))
            .containsExactly(0, COMPRESSION_ERROR);
        assertLoggedOnce(port, "upstream");
      }
    }
    assertThat(count("compression_error")).isEqualTo(before + 1);
    assertNeighbourGoesOn();
  }

  /** Who resets a stream for a fault of ours is not to blame, and keeps its line for its own. */
  @Test
  void peersThatBlameUs() {
    byte[] blame = RawHttp2.number(PROTOCOL_ERROR);
    long before = OSPREY.ctl().counters().getOrDefault("cluster.raw.protocol_error", 0L);
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.request(1, true, "GET", "/raw");
      try (RawHttp2 upstream = RawHttp2.accept(RAW)) {
        var _ = upstream.awaitHead(1);
        upstream.send(frame(RawHttp2.RST_STREAM, 0, 1, blame));
        assertThat(client.awaitHead(1)).contains(":status: 502");
        client.request(3, true, "GET", "/raw");
        var _ = upstream.awaitHead(3);
        client.send(frame(RawHttp2.RST_STREAM, 0, 3, blame)).inStep();
      }
      client.send(head(5, true, "Upper", "x"));
      client.await(it -> it.is(RawHttp2.RST_STREAM, 5));
      assertLoggedOnce(client.localPort(), "an invalid field name");
    }
    assertThat(OSPREY.ctl().counters().getOrDefault("cluster.raw.protocol_error", 0L))
        .isEqualTo(before);
    assertNeighbourGoesOn();
  }

  /** A client that trickles its head is told so, and logged. */
  @Test
  void aHeadThatIsNotEndedInTime() {
    long before = count("field_block_timeout");
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.inStep().send(frame(RawHttp2.HEADERS, 0, 1, Hpack.literals(":method", "GET")));
      Frame goaway = client.await(it -> it.type() == RawHttp2.GOAWAY);

      assertThat(goaway.number(4)).isEqualTo(ENHANCE_YOUR_CALM);
      assertLoggedOnce(client.localPort(), "not ended in time");
    }
    assertThat(count("field_block_timeout")).isEqualTo(before + 1);
    assertNeighbourGoesOn();
  }
}
