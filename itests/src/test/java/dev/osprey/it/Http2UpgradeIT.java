package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Hpack;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.RawHttp2.Frame;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers from one version of HTTP to the other, in both directions: each end is told in the words
 * of the client's version, and one before its time is never taken for the answer's own.
 */
class Http2UpgradeIT {
  private static final int PROTOCOL_ERROR = 1;
  private static final int INTERNAL_ERROR = 2;
  private static final int CANCEL = 8;
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static final int NEW_TO_OLD = Ports.free();
  private static final int OLD_TO_NEW = Ports.free();
  private static final ScriptedUpstream OLD = ScriptedUpstream.start();
  private static final ServerSocket NEW = server();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "new",
                  NEW_TO_OLD,
                  "codec_type: HTTP2",
                  "match: { prefix: / }, route: { cluster: old }")
              .withManager(
                  "old",
                  OLD_TO_NEW,
                  "codec_type: HTTP1",
                  "match: { prefix: / }, route: { cluster: new }")
              .withCluster("old", Config.speaking("http_protocol_options"), OLD.port())
              .withCluster("new", Config.speaking("http2_protocol_options"), NEW.getLocalPort()));

  private static ServerSocket server() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @AfterAll
  static void end() throws IOException {
    assertThat(OSPREY.stop()).isZero();
    OLD.close();
    NEW.close();
  }

  @BeforeEach
  void forget() {
    OLD.reset();
    await("former upstreams are gone").until(() -> connections("new") == 0);
  }

  private static int connections(String cluster) {
    for (JsonElement element : OSPREY.ctl().json("clusters").getAsJsonArray()) {
      JsonObject it = element.getAsJsonObject();
      if (it.get("name").getAsString().equals(cluster)) {
        return it.get("connections").getAsInt();
      }
    }
    throw new AssertionError("no cluster " + cluster);
  }

  // ---- an upstream of HTTP/1, a client of HTTP/2

  /** What comes on a stream until it is over: its own frames only. */
  private static List<Frame> stream(RawHttp2 client, int stream) {
    Predicate<Frame> last =
        it -> it.stream() == stream && (it.ends() || it.type() == RawHttp2.RST_STREAM);
    if (client.seen().stream().noneMatch(last)) {
      client.await(last);
    }
    return client.seen().stream()
        .filter(it -> it.stream() == stream && it.type() != RawHttp2.WINDOW_UPDATE)
        .toList();
  }

  private static String body(RawHttp2 client, int stream) {
    return new String(client.body(stream), StandardCharsets.US_ASCII);
  }

  private static void assertConnectionGoesOn(RawHttp2 client) {
    OLD.reset();
    client.request(9, true, "GET", "/");
    List<Frame> frames = stream(client, 9);
    assertThat(fields(frames.getFirst())).contains(":status: 200");
    assertThat(body(client, 9)).isEqualTo("ok");
    assertThat(frames.getLast().ends()).isTrue();
    assertThat(client.count(RawHttp2.GOAWAY)).isZero();
  }

  private static List<String> fields(Frame head) {
    assertThat(head.type()).isEqualTo(RawHttp2.HEADERS);
    return Hpack.fields(head.payload());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        CHUNKED + "5\r\nhello\r\n",
        CHUNKED + "5\r\nhello",
        CHUNKED + "9\r\nhello",
        CHUNKED + "5\r\nhello\r\n0\r\n",
        CHUNKED + "5\r\nhello\r\n0\r\nx-sum: 1\r\n",
        CHUNKED + "5\r\nhello\r\nnonsense\r\n"
      })
  void anAnswerThatIsCutIsReset(String answer) {
    OLD.answering(Answer.last(answer));
    try (RawHttp2 client = RawHttp2.connect(NEW_TO_OLD)) {
      client.request(1, true, "GET", "/");
      List<Frame> frames = stream(client, 1);

      assertThat(fields(frames.getFirst())).contains(":status: 200");
      assertThat(body(client, 1)).isEqualTo("hello");
      assertThat(frames).noneMatch(Frame::ends);
      assertThat(frames.getLast().type()).isEqualTo(RawHttp2.RST_STREAM);
      assertThat(frames.getLast().number(0)).isEqualTo(INTERNAL_ERROR);
      assertConnectionGoesOn(client);
    }
  }

  @Test
  void anAnswerThatIsCutInItsHeadIsABadGateway() {
    OLD.answering(Answer.last("HTTP/1.1 200 OK\r\nContent-"));
    try (RawHttp2 client = RawHttp2.connect(NEW_TO_OLD)) {
      client.request(1, true, "GET", "/");
      List<Frame> frames = stream(client, 1);

      assertThat(fields(frames.getFirst())).contains(":status: 502");
      assertThat(frames.getLast().ends()).isTrue();
      assertConnectionGoesOn(client);
    }
  }

  @Test
  void anAnswerThatEndsWithItsConnectionEnds() {
    OLD.answering(Answer.last("HTTP/1.1 200 OK\r\n\r\nhello"));
    try (RawHttp2 client = RawHttp2.connect(NEW_TO_OLD)) {
      client.request(1, true, "GET", "/");
      List<Frame> frames = stream(client, 1);

      assertThat(fields(frames.getFirst())).contains(":status: 200");
      assertThat(body(client, 1)).isEqualTo("hello");
      assertThat(frames.getLast().ends()).isTrue();
      assertConnectionGoesOn(client);
    }
  }

  @Test
  void trailersOfChunksAreTrailers() {
    OLD.answering(Answer.of(CHUNKED + "5\r\nhello\r\n0\r\nX-Sum: 17\r\nX-Two: b\r\n\r\n"));
    try (RawHttp2 client = RawHttp2.connect(NEW_TO_OLD)) {
      client.request(1, true, "GET", "/");
      List<Frame> frames = stream(client, 1);

      assertThat(fields(frames.getFirst()))
          .contains(":status: 200")
          .noneMatch(it -> it.startsWith("transfer-encoding"));
      assertThat(body(client, 1)).isEqualTo("hello");
      assertThat(frames).filteredOn(Frame::ends).containsExactly(frames.getLast());
      assertThat(fields(frames.getLast())).containsExactly("x-sum: 17", "x-two: b");
      assertConnectionGoesOn(client);
    }
  }

  @Test
  void aHintComesBeforeTheAnswer() {
    OLD.answering(
        Answer.of(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    try (RawHttp2 client = RawHttp2.connect(NEW_TO_OLD)) {
      client.request(1, true, "GET", "/");
      List<Frame> frames = stream(client, 1);

      assertThat(fields(frames.get(0))).containsExactly(":status: 103", "link: </a>");
      assertThat(fields(frames.get(1))).contains(":status: 200", "content-length: 5");
      assertThat(body(client, 1)).isEqualTo("hello");
      assertThat(frames).filteredOn(Frame::ends).containsExactly(frames.getLast());
      assertConnectionGoesOn(client);
    }
  }

  @Test
  void anAnswerToHeadEndsWithItsHead_andSaysALength() {
    OLD.answering(Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
    try (RawHttp2 client = RawHttp2.connect(NEW_TO_OLD)) {
      int before = OLD.accepted();
      client.request(1, true, "HEAD", "/").request(3, true, "HEAD", "/");

      for (int stream = 1; stream <= 3; stream += 2) {
        List<Frame> frames = stream(client, stream);
        assertThat(frames).singleElement().matches(Frame::ends);
        assertThat(fields(frames.getFirst())).contains(":status: 200", "content-length: 1000");
      }
      assertConnectionGoesOn(client);
      assertThat(OLD.accepted()).as("no connection is spoilt").isLessThanOrEqualTo(before + 2);
    }
  }

  // ---- an upstream of HTTP/2, a client of HTTP/1

  /** A client that has asked, and the upstream that has heard it. */
  private record Pair(RawHttp client, RawHttp2 upstream) implements AutoCloseable {
    static Pair asking(String request) {
      RawHttp client = RawHttp.connect(OLD_TO_NEW).send(request);
      RawHttp2 upstream = RawHttp2.accept(NEW);
      var _ = upstream.awaitHead(1);
      return new Pair(client, upstream);
    }

    void reset(int code) {
      upstream.send(RawHttp2.frame(RawHttp2.RST_STREAM, 0, 1, RawHttp2.number(code)));
    }

    /** The client is told nothing more: no last chunk, no other answer. */
    void assertCut() {
      assertThat(client.readToEnd()).isEqualTo("<reset>");
      assertUpstreamStays();
    }

    void assertUpstreamStays() {
      assertThat(upstream.inStep().count(RawHttp2.GOAWAY)).isZero();
    }

    /** Both connections serve the next request. */
    void assertBothGoOn() {
      client.send(GET);
      var _ = upstream.awaitHead(3);
      upstream.headers(3, true, ":status", "204");
      assertThat(client.readHead()).as("nothing in between").startsWith("HTTP/1.1 204 ");
      assertThat(upstream.count(RawHttp2.GOAWAY)).isZero();
    }

    @Override
    public void close() {
      client.close();
      upstream.close();
    }
  }

  private static byte[] hello() {
    return "hello".getBytes(StandardCharsets.US_ASCII);
  }

  /** Whatever the upstream says, a cut without a last chunk is what the client sees. */
  @ParameterizedTest
  @ValueSource(ints = {0, PROTOCOL_ERROR, INTERNAL_ERROR, CANCEL})
  void aResetInABodyOfUnknownLengthCutsTheConnection(int code) {
    try (Pair pair = Pair.asking(GET)) {
      pair.upstream.headers(1, false, ":status", "200").data(1, hello(), false);
      assertThat(pair.client.readHead()).contains("transfer-encoding: chunked");
      assertThat(pair.client.read(10)).isEqualTo("5\r\nhello\r\n");
      pair.reset(code);

      pair.assertCut();
    }
  }

  @Test
  void aResetInABodyOfKnownLengthCutsTheConnection() {
    try (Pair pair = Pair.asking(GET)) {
      pair.upstream
          .headers(1, false, ":status", "200", "content-length", "10")
          .data(1, hello(), false);
      assertThat(pair.client.readHead()).contains("content-length: 10");
      assertThat(pair.client.read(5)).isEqualTo("hello");
      pair.reset(INTERNAL_ERROR);

      pair.assertCut();
    }
  }

  /** To a client of HTTP/1.0 a plain FIN would be the end of the body: it must be a reset. */
  @Test
  void aResetInABodyThatEndsWithItsConnectionResetsIt() {
    try (Pair pair = Pair.asking("GET / HTTP/1.0\r\nHost: a\r\n\r\n")) {
      pair.upstream.headers(1, false, ":status", "200").data(1, hello(), false);
      assertThat(pair.client.readHead()).doesNotContain("transfer-encoding");
      assertThat(pair.client.read(5)).isEqualTo("hello");
      pair.reset(INTERNAL_ERROR);

      pair.assertCut();
    }
  }

  @Test
  void aBodyThatIsShorterThanAnnouncedCutsTheConnection() {
    try (Pair pair = Pair.asking(GET)) {
      pair.upstream
          .headers(1, false, ":status", "200", "content-length", "10")
          .data(1, hello(), false);
      assertThat(pair.client.readHead()).contains("content-length: 10");
      assertThat(pair.client.read(5)).isEqualTo("hello");
      pair.upstream.send(RawHttp2.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[0]));
      Frame reset = pair.upstream.await(it -> it.is(RawHttp2.RST_STREAM, 1));

      assertThat(reset.number(0)).isEqualTo(PROTOCOL_ERROR);
      pair.assertCut();
    }
  }

  @Test
  void aLostUpstreamCutsTheConnection() {
    try (Pair pair = Pair.asking(GET)) {
      pair.upstream.headers(1, false, ":status", "200").data(1, hello(), false);
      assertThat(pair.client.readHead()).contains("transfer-encoding: chunked");
      assertThat(pair.client.read(10)).isEqualTo("5\r\nhello\r\n");
      pair.upstream.close();

      assertThat(pair.client.readToEnd()).isEqualTo("<reset>");
    }
  }

  @Test
  void aResetBeforeTheAnswerIsABadGateway() {
    try (Pair pair = Pair.asking(GET)) {
      pair.reset(INTERNAL_ERROR);

      assertThat(pair.client.readMessage()).startsWith("HTTP/1.1 502 ");
      pair.assertBothGoOn();
    }
  }

  @Test
  void trailersFollowTheLastChunk() {
    try (Pair pair = Pair.asking(GET)) {
      pair.upstream
          .headers(1, false, ":status", "200")
          .data(1, hello(), false)
          .headers(1, true, "x-sum", "17", "x-two", "b");
      String head = pair.client.readHead();

      assertThat(head).startsWith("HTTP/1.1 200 ").contains("transfer-encoding: chunked");
      assertThat(pair.client.readBody(head))
          .isEqualTo("5\r\nhello\r\n0\r\nx-sum: 17\r\nx-two: b\r\n\r\n");
      pair.assertBothGoOn();
    }
  }

  @Test
  void aHintComesBeforeTheAnswerOfHttp1() {
    try (Pair pair = Pair.asking(GET)) {
      pair.upstream.headers(1, false, ":status", "103", "link", "</a>");
      assertThat(pair.client.readHead()).matches("HTTP/1\\.1 103 [A-Za-z ]*\r\nlink: </a>\r\n\r\n");
      pair.upstream.headers(1, false, ":status", "200", "content-length", "5");
      pair.upstream.data(1, hello(), true);

      assertThat(pair.client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
      pair.assertBothGoOn();
    }
  }

  @Test
  void anAnswerToHeadHasALengthAndNoBody() {
    try (Pair pair = Pair.asking("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")) {
      pair.upstream.headers(1, true, ":status", "200", "content-length", "1000");

      assertThat(pair.client.readHead())
          .startsWith("HTTP/1.1 200 ")
          .contains("content-length: 1000")
          .doesNotContain("transfer-encoding");
      pair.assertBothGoOn();
    }
  }
}
