package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Hpack;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.RawHttp2.Frame;
import dev.osprey.it.harness.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What HTTP/2 can carry and HTTP/1 can't say (RFC 9113 sections 8.2, 8.3 and 10.3), to an upstream
 * of HTTP/1 that records all bytes: each head that would smuggle something is refused, and the
 * upstream has seen nothing of it; each other one arrives as exactly the head that it should be.
 */
class Http2DowngradeIT {
  private static final int PORT = Ports.free();
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String FORWARDED =
      "x-forwarded-for: 127.0.0.1\r\nx-forwarded-proto: http\r\n";
  private static final String CLEAN = "GET /clean HTTP/1.1\r\nhost: a\r\n" + FORWARDED + "\r\n";
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.start();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front",
                  PORT,
                  """
                  codec_type: HTTP2
                  generate_request_id: false
                  """,
                  "match: { prefix: / }, route: { cluster: app }")
              .withCluster("app", UPSTREAM.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @BeforeEach
  void forget() {
    UPSTREAM.reset();
  }

  /** A request's fields: these, and what they leave out of the usual ones. */
  private static String[] request(String... fields) {
    List<String> all = new ArrayList<>();
    String[] usual = {":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a"};
    List<String> given = Arrays.asList(fields);
    for (int i = 0; i < usual.length; i += 2) {
      if (!given.contains(usual[i])) {
        all.addAll(List.of(usual[i], usual[i + 1]));
      }
    }
    all.addAll(given);
    return all.toArray(String[]::new);
  }

  private static Arguments with(String... fields) {
    return Arguments.of((Object) request(fields));
  }

  private static Arguments exactly(String... fields) {
    return Arguments.of((Object) fields);
  }

  static Stream<Arguments> hostileHeads() {
    String inject = "\r\nx: y\r\n\r\n" + SMUGGLED;
    return Stream.of(
            valuesAndNames(inject), fieldsOfAConnection(), lengths(), targets(inject), pseudos())
        .flatMap(it -> it);
  }

  private static Stream<Arguments> valuesAndNames(String inject) {
    Stream<Arguments> values =
        Stream.of(
                inject, "a\rb", "a\nb", "a\0b", "\r\n", "\n", " a", "a ", "\ta", "a\t", "a\u007fb")
            .map(value -> with("x-value", value));
    Stream<Arguments> cookies = Stream.of(inject, "a\nb").map(value -> with("cookie", value));
    Stream<Arguments> names =
        Stream.of(
                "",
                "X-Upper",
                "x y",
                "x:y",
                "x: y" + inject,
                "x\r\ny",
                "x\0y",
                "x\u0080",
                "x\u007f",
                "x\t",
                " x",
                "x ",
                "(x)")
            .map(name -> with(name, "v"));
    return Stream.of(values, cookies, names).flatMap(it -> it);
  }

  private static Stream<Arguments> fieldsOfAConnection() {
    return Stream.of(
        with("transfer-encoding", "chunked"),
        with("transfer-encoding", "identity"),
        with("transfer-encoding", "chunked", "content-length", "5"),
        with("connection", "close"),
        with("connection", "x-other", "x-other", "v"),
        with("keep-alive", "timeout=5"),
        with("proxy-connection", "keep-alive"),
        with("upgrade", "h2c"),
        with("http2-settings", "AAMAAABk"),
        with("te", "gzip"),
        with("te", "trailers, chunked"));
  }

  private static Stream<Arguments> lengths() {
    return Stream.of("", "+5", "-1", "5x", "0x5", "5, 5", "5 5", "1.0", "99999999999999999999")
        .map(value -> with("content-length", value));
  }

  private static Stream<Arguments> targets(String inject) {
    Stream<Arguments> paths =
        Stream.of(
                "",
                "x",
                "/a b",
                "/ HTTP/1.1" + inject,
                "/a\rb",
                "/a\nb",
                "/a\0b",
                "/a\tb",
                "/a#b",
                "/\u0080",
                "/\u007f",
                "*",
                "http://a/")
            .map(path -> with(":path", path));
    Stream<Arguments> authorities =
        Stream.of(
                "",
                "user@a",
                "user:pass@a",
                "a b",
                "a/b",
                "a" + inject,
                "a\nb",
                "a\0b",
                "a?b",
                "a#b",
                "a\\b",
                "a,b",
                "a:b",
                "a:80:80",
                "[::1")
            .flatMap(host ->
                Stream.of(
                    with(":authority", host),
                    exactly(":method", "GET", ":scheme", "http", ":path", "/", "host", host)));
    Stream<Arguments> hosts =
        Stream.of(
            with("host", "b"),
            with("host", "a:81"),
            with("host", "a", "host", "a"),
            with("host", "a", "host", "b"),
            exactly(":method", "GET", ":scheme", "http", ":path", "/"),
            exactly(":method", "GET", ":scheme", "http", ":path", "/", "host", "a", "host", "b"));
    return Stream.of(paths, authorities, hosts).flatMap(it -> it);
  }

  private static Stream<Arguments> pseudos() {
    String inject = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\nGET";
    return Stream.of(
        with(":method", ""),
        with(":method", "GE T"),
        with(":method", inject),
        with(":method", "GET\n"),
        with(":method", "G:T"),
        with(":scheme", ""),
        with(":scheme", "ftp"),
        with(":scheme", "http\r\nx: y"),
        with(":scheme", "http://b/?"),
        with(":path", "/", ":path", "/smuggled"),
        with(":method", "GET", ":method", "POST"),
        with(":authority", "a", ":authority", "b"),
        with(":status", "200"),
        with(":other", "v"),
        with(":", "v"),
        with(":protocol", "websocket"),
        exactly(":method", "GET", ":scheme", "http", ":path", "/", "x", "y", ":authority", "a"),
        exactly("x", "y", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"),
        exactly(":scheme", "http", ":path", "/", ":authority", "a"),
        exactly(":method", "GET", ":path", "/", ":authority", "a"),
        exactly(":method", "GET", ":scheme", "http", ":authority", "a"),
        exactly(":method", "CONNECT", ":authority", "a:80", ":path", "/", ":scheme", "http"));
  }

  @ParameterizedTest
  @MethodSource
  void hostileHeads(String[] fields) {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.headers(1, true, fields);

      assertRefused(client);
      assertTheNextOneArrives(client);
      assertThat(UPSTREAM.messages()).containsExactly(CLEAN);
    }
  }

  static Stream<Arguments> wrongLengths() {
    return Stream.of(
        Arguments.of("3", "abc" + SMUGGLED),
        Arguments.of("0", SMUGGLED),
        Arguments.of("10", "abc"),
        Arguments.of("100", "abc" + SMUGGLED),
        Arguments.of("1", ""));
  }

  /** A body that is longer or shorter than announced, with a request in what is too much. */
  @ParameterizedTest
  @MethodSource
  void wrongLengths(String announced, String body) {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
      client
          .headers(1, false, request("content-length", announced))
          .send(RawHttp2.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, bytes));

      assertRefused(client);
      assertNothingIsSmuggled(client);
    }
  }

  /** The same, when the head and the first part are at the upstream already. */
  @ParameterizedTest
  @MethodSource("wrongLengths")
  void wrongLengthsInParts(String announced, String body) {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.headers(1, false, request("content-length", announced)).inStep();
      for (String part : body.split("(?<=abc)", -1)) {
        byte[] bytes = part.getBytes(StandardCharsets.US_ASCII);
        client.sendAndAwaitRead(RawHttp2.frame(RawHttp2.DATA, 0, 1, bytes));
      }
      client.send(RawHttp2.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[0]));

      assertRefused(client);
      assertNothingIsSmuggled(client);
    }
  }

  static Stream<Arguments> hostileTrailers() {
    String inject = "v\r\n\r\n" + SMUGGLED;
    return Stream.of(
        Arguments.of((Object) new String[] {"x", inject}),
        Arguments.of((Object) new String[] {"x\r\n\r\n" + SMUGGLED, "v"}),
        Arguments.of((Object) new String[] {"transfer-encoding", "chunked"}),
        Arguments.of((Object) new String[] {"connection", "close"}),
        Arguments.of((Object) new String[] {":path", "/smuggled"}),
        Arguments.of((Object) new String[] {"X-Upper", "v"}));
  }

  /** The request has begun to arrive, and never ends. */
  @ParameterizedTest
  @MethodSource
  void hostileTrailers(String[] trailers) {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client
          .headers(1, false, request())
          .data(1, new byte[] {'x'}, false)
          .inStep()
          .headers(1, true, trailers);

      assertRefused(client);
      assertNothingIsSmuggled(client);
    }
  }

  /**
   * An upstream that was told of no body may have answered: then the stream is reset behind that.
   */
  private static void assertRefused(RawHttp2 client) {
    Predicate<Frame> ends =
        it -> isRefusal(it) || it.is(RawHttp2.RST_STREAM, 1) || it.type() == RawHttp2.GOAWAY;
    // It may have come while the test waited for something else.
    Frame end = client.seen().stream().filter(ends).findFirst().orElseGet(() -> client.await(ends));
    assertThat(end.type()).as("the connection goes on").isNotEqualTo(RawHttp2.GOAWAY);
  }

  private static boolean isRefusal(Frame frame) {
    return frame.is(RawHttp2.HEADERS, 1)
        && Hpack.fields(frame.payload()).getFirst().matches(":status: (400|405)");
  }

  private static void assertTheNextOneArrives(RawHttp2 client) {
    client.headers(3, true, request(":method", "GET", ":path", "/clean"));
    assertThat(client.awaitHead(3)).contains(":status: 200");
    assertThat(client.count(RawHttp2.GOAWAY)).isZero();
  }

  /**
   * The upstream may have seen the beginning of the refused one; its connection is used no more.
   */
  private static void assertNothingIsSmuggled(RawHttp2 client) {
    assertTheNextOneArrives(client);
    assertThat(UPSTREAM.messages().stream().filter(it -> !it.startsWith("POST / HTTP/1.1\r\n")))
        .containsExactly(CLEAN);
  }

  static Stream<Arguments> heads() {
    String start = "GET / HTTP/1.1\r\nhost: a\r\n";
    String empty = "content-length: 0\r\n";
    return Stream.of(
        Arguments.of(get(), start, ""),
        Arguments.of(
            get("cookie", "a=1", "x", "y", "cookie", "b=2", "cookie", "c=3"),
            start + "cookie: a=1; b=2; c=3\r\nx: y\r\n",
            ""),
        Arguments.of(get("host", "A:80"), start, ""),
        Arguments.of(
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", "host", "b"},
            "GET / HTTP/1.1\r\nhost: b\r\n",
            ""),
        Arguments.of(get("te", "trailers"), start, ""),
        Arguments.of(
            get(":path", "/a?b=%0d%0a:c"), "GET /a?b=%0d%0a:c HTTP/1.1\r\nhost: a\r\n", ""),
        Arguments.of(request("content-length", "0"), "POST / HTTP/1.1\r\nhost: a\r\n", empty),
        Arguments.of(request(), "POST / HTTP/1.1\r\nhost: a\r\n", empty),
        Arguments.of(
            request(":method", "OPTIONS", ":path", "*"), "OPTIONS * HTTP/1.1\r\nhost: a\r\n", ""),
        Arguments.of(get("x", "a\u00e9b", "x", ""), start + "x: a\u00e9b\r\nx: \r\n", ""),
        Arguments.of(get("trailer", "x"), start, ""));
  }

  @ParameterizedTest
  @MethodSource
  void heads(String[] fields, String start, String end) {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      client.headers(1, true, fields);

      assertThat(client.awaitHead(1)).contains(":status: 200");
      assertThat(UPSTREAM.messages()).containsExactly(start + FORWARDED + end + "\r\n");
    }
  }

  private static String[] get(String... more) {
    return request(
        Stream.concat(Stream.of(":method", "GET"), Stream.of(more)).toArray(String[]::new));
  }

  /** A body that looks like a request stays a body, chunked when its length is not known. */
  @Test
  void bodiesAndTrailersAreFramed() {
    try (RawHttp2 client = RawHttp2.connect(PORT)) {
      byte[] body = SMUGGLED.getBytes(StandardCharsets.US_ASCII);
      client
          .headers(1, false, request())
          .data(1, body, false)
          .headers(1, true, "x-end", "v", "content-length", "3", "host", "b");

      assertThat(client.awaitHead(1)).contains(":status: 200");
      assertThat(UPSTREAM.messages())
          .containsExactly(
              "POST / HTTP/1.1\r\nhost: a\r\n"
                  + FORWARDED
                  + "transfer-encoding: chunked\r\n\r\n"
                  + Integer.toHexString(body.length)
                  + "\r\n"
                  + SMUGGLED
                  + "\r\n0\r\nx-end: v\r\n\r\n");
    }
  }
}
