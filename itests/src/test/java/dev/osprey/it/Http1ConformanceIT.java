package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 through the archive: what is let through, what is refused, what the upstream sees. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class Http1ConformanceIT {
  private static final String HOST = "Host: x.example\r\n";
  private static final String NEXT = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";

  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.start();
  private static final int PORT = Ports.free();
  private static final Osprey OSPREY = Osprey.start(Config.http(PORT, UPSTREAM.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @BeforeEach
  void forget() {
    UPSTREAM.reset();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA\t: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA\u0000: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\u000bc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\u000c\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \u0085chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\u00a0\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \u00ffchunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n"
      })
  void refusesAndCloses(String request) {
    String answers = RawHttp.exchange(PORT, request + NEXT);

    assertThat(RawHttp.status(answers)).as(answers).isBetween(400, 505);
    assertThat(answers.toLowerCase(Locale.ROOT)).contains("connection: close");
    assertThat(UPSTREAM.messages()).as("what the upstream saw").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-3\r\nabc\r\n0\r\n\r\n",
        "+3\r\nabc\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        "3_0\r\nabc\r\n0\r\n\r\n",
        "3 3\r\nabc\r\n0\r\n\r\n",
        "\r\nabc\r\n0\r\n\r\n",
        "10000000000000000\r\nabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "3\r\nabc0\r\n\r\n",
        "3\nabc\r\n0\r\n\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "3\r\nabc\r\n0\n\n",
        "3;a\nb=c\r\nabc\r\n0\r\n\r\n"
      })
  void neverCompletesAMessageWithBrokenChunks(String chunks) {
    String head = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";

    String answers = RawHttp.exchange(PORT, head + chunks + NEXT);

    assertThat(RawHttp.status(answers)).as(answers).isIn(-1, 400);
    assertThat(UPSTREAM.messages()).noneMatch(message -> message.contains("smuggled"));
    assertThat(UPSTREAM.messages()).noneMatch(message -> message.endsWith("\r\n0\r\n\r\n"));
  }

  @Test
  void bothLengthsNeverLetTheNextRequestRun() {
    String request =
        "POST / HTTP/1.1\r\n"
            + HOST
            + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    String answers = RawHttp.exchange(PORT, request + NEXT);

    assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
    assertThat(UPSTREAM.messages()).noneMatch(message -> message.contains("smuggled"));
  }

  static Stream<Arguments> passed() {
    return Stream.of(
        Arguments.of("an empty line before", "\r\nGET / HTTP/1.1\r\n" + HOST + "\r\n", "GET / "),
        Arguments.of("tabs", "GET / HTTP/1.1\r\n" + HOST + "A:\tb\t\r\n\r\n", "A: b\r\n"),
        Arguments.of(
            "obs-text",
            "GET / HTTP/1.1\r\n" + HOST + "A: \u00e9\u00ff\r\n\r\n",
            ": \u00e9\u00ff\r\n"),
        Arguments.of(
            "a target of 8000 octets",
            "GET /" + "a".repeat(7999) + " HTTP/1.1\r\n" + HOST + "\r\n",
            "/" + "a".repeat(7999) + " "),
        Arguments.of(
            "absolute form",
            "GET http://y.example:81/p?q HTTP/1.1\r\n" + HOST + "\r\n",
            "ost: y.example:81\r\n"),
        Arguments.of(
            "leading zeros",
            "POST / HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n0003\r\nabc\r\n0\r\n\r\n",
            "abc"),
        Arguments.of(
            "chunk extensions",
            "POST / HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n3;a=b;c=\"d e\"\r\nabc\r\n0;x\r\n\r\n",
            "abc"),
        Arguments.of(
            "trailers",
            "POST / HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nSum: 7\r\n\r\n",
            "Sum: 7\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passed")
  void letsThrough(String name, String request, String seen) {
    String answer = answerOf(request);

    assertThat(RawHttp.status(answer)).as(answer).isEqualTo(200);
    assertThat(UPSTREAM.messages()).hasSize(1);
    assertThat(UPSTREAM.messages().getFirst()).as(name).contains(seen);
    assertIsClean(UPSTREAM.messages().getFirst());
  }

  @Test
  void readsOneByteAtATime() {
    String request = "POST /slow HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc";
    try (RawHttp client = RawHttp.connect(PORT)) {
      request.chars().forEach(c -> client.send(Character.toString((char) c)));
      assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }
    assertThat(UPSTREAM.messages().getFirst()).endsWith("\r\n\r\nabc");
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    UPSTREAM.answering(message -> {
      String path = message.split(" ", 3)[1];
      return ScriptedUpstream.Answer.of(
          "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
    });
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      requests.append("GET /n").append(i).append(" HTTP/1.1\r\n").append(HOST).append("\r\n");
    }
    try (RawHttp client = RawHttp.connect(PORT).send(requests.toString())) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.readMessage()).endsWith("\r\n\r\n/n" + i);
      }
    }
  }

  @Test
  void removesWhatConcernsOneConnectionOnly() {
    answerOf(
        "GET / HTTP/1.1\r\n"
            + HOST
            + "Connection: keep-alive, X-Secret\r\nX-Secret: a\r\nKeep-Alive: 5\r\n"
            + "Proxy-Connection: x\r\nTE: gzip\r\nX-Kept: b\r\n\r\n");

    assertThat(UPSTREAM.messages().getFirst().toLowerCase(Locale.ROOT))
        .contains("x-kept: b")
        .doesNotContain("x-secret", "keep-alive", "proxy-connection", "te: gzip");
  }

  @ParameterizedTest
  @CsvSource({"GET /, false", "HEAD /, true"})
  void servesHttp10AndClosesUnlessAsked(String line, boolean bodiless) {
    String answer = RawHttp.exchange(PORT, line + " HTTP/1.0\r\n" + HOST + "\r\n");

    assertThat(RawHttp.status(answer)).isEqualTo(200);
    assertThat(answer).endsWith(bodiless ? "\r\n\r\n" : "ok");
    assertThat(UPSTREAM.messages().getFirst()).contains(" HTTP/1.1\r\n");
  }

  @Test
  void keepsHttp10AliveWhenAsked() {
    try (RawHttp client = RawHttp.connect(PORT)) {
      String request = "GET / HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n";
      assertThat(client.send(request).readMessage().toLowerCase(Locale.ROOT))
          .contains("connection: keep-alive");
      assertThat(client.send(request).readMessage()).endsWith("ok");
    }
  }

  @Test
  void refusesWhatIsTooLarge() {
    String head = "GET / HTTP/1.1\r\n" + HOST;
    assertThat(
            RawHttp.exchange(PORT, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(RawHttp.exchange(PORT, head + "A: " + "b".repeat(70_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(RawHttp.exchange(PORT, head + "A: b\r\n".repeat(101) + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  private static String answerOf(String request) {
    try (RawHttp client = RawHttp.connect(PORT)) {
      return client.send(request).readMessage();
    }
  }

  /** One framing field, CRLF only, names that are tokens, no control characters but tabs. */
  private static void assertIsClean(String message) {
    String head = message.substring(0, message.indexOf("\r\n\r\n") + 2);
    String lower = head.toLowerCase(Locale.ROOT);
    int framing = lower.split("\r\n(content-length|transfer-encoding):", -1).length - 1;
    assertThat(framing).as(head).isLessThanOrEqualTo(1);
    assertThat(head.replace("\r\n", "")).doesNotContain("\r", "\n", "\u0000");
    assertThat(head.split("\r\n")).allMatch(line -> !line.startsWith(" "));
    assertThat(lower.split("\r\nhost:", -1)).hasSize(2);
  }
}
