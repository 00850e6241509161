package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream may answer, and what of it reaches a client. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class Http1ResponsesIT {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String SURPLUS = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

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
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
      })
  void surplusNeverReachesAClientAndItsConnectionIsNotUsedAgain(String answer) {
    UPSTREAM.answering(Answer.of(answer + SURPLUS));
    try (RawHttp client = RawHttp.connect(PORT)) {
      client.send(GET).readMessage();
      int connections = UPSTREAM.accepted();
      UPSTREAM.answering(Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"));

      String second = client.send(GET).readMessage();

      assertThat(second).endsWith("next").doesNotContain("evil");
      assertThat(UPSTREAM.accepted()).isEqualTo(connections + 1);
    }
  }

  @Test
  void aBodyBehindTheAnswerToAHeadNeverReachesAClient() {
    UPSTREAM.answering(Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
    try (RawHttp client = RawHttp.connect(PORT)) {
      assertThat(client.send(HEAD).readHead()).contains("ontent-").endsWith("\r\n\r\n");
      UPSTREAM.reset();
      assertThat(client.send(GET).readMessage()).endsWith("ok").doesNotContain("evil");
    }
  }

  @Test
  void aBodyCutShortLooksCutShort() {
    UPSTREAM.answering(Answer.last("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
    String byLength = RawHttp.exchange(PORT, GET);
    assertThat(byLength).contains("ontent-").contains("10\r\n").contains("abc");
    assertThat(byLength.substring(byLength.indexOf("\r\n\r\n") + 4)).hasSizeLessThan(17);

    UPSTREAM.answering(
        Answer.last("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
    assertThat(RawHttp.exchange(PORT, GET)).contains("abc").doesNotContain("\r\n0\r\n");
  }

  @Test
  void aBodyThatEndsWithTheConnectionArrivesWholeAndFramed() {
    UPSTREAM.answering(Answer.last("HTTP/1.1 200 OK\r\n\r\nall of it"));
    try (RawHttp client = RawHttp.connect(PORT)) {
      String answer = client.send(GET).readMessage();
      assertThat(answer).contains("all of it").endsWith("0\r\n\r\n");
    }
    assertThat(RawHttp.exchange(PORT, "GET / HTTP/1.0\r\nHost: x\r\n\r\n")).endsWith("all of it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 2 OK\r\n\r\n",
        "HTTP/3.0 200 OK\r\n\r\n",
        "garbage\r\n\r\n",
        ""
      })
  void whatBreaksTheRulesIsA502(String answer) {
    UPSTREAM.answering(Answer.last(answer));

    assertThat(RawHttp.status(answerOf(GET))).isEqualTo(502);
  }

  @Test
  void bothLengthsAreA502OrOne() {
    UPSTREAM.answering(
        Answer.last(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nok\r\n0\r\n\r\n"));

    String answer = answerOf(GET).toLowerCase(Locale.ROOT);

    assertThat(RawHttp.status(answer.toUpperCase(Locale.ROOT))).isIn(200, 502);
    assertThat(answer.split("\r\n(content-length|transfer-encoding):", -1)).hasSize(2);
  }

  @Test
  void interimAnswersPass() {
    UPSTREAM.answering(
        Answer.of(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    try (RawHttp client = RawHttp.connect(PORT).send(GET)) {
      assertThat(client.readMessage()).startsWith("HTTP/1.1 103 ").contains("</a>");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void trailersPassToTheClient() {
    UPSTREAM.answering(
        Answer.of(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nSum: 7\r\n\r\n"));

    assertThat(answerOf(GET)).contains("Sum: 7\r\n");
  }

  @Test
  void theUpstreamAnswersAnExpectation() {
    UPSTREAM.answering(Answer.of("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"));
    String head =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc";

    assertThat(answerOf(head)).startsWith("HTTP/1.1 417 ");
    assertThat(UPSTREAM.messages().getFirst().toLowerCase(Locale.ROOT)).contains("100-continue");
  }

  @Test
  void anUpgradeBecomesATunnel() {
    UPSTREAM.answering(
        Answer.last(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                + "first bytes of the server"));
    try (RawHttp client = RawHttp.connect(PORT).send(UPGRADE)) {
      String head = client.readHead();
      assertThat(head).startsWith("HTTP/1.1 101 ");
      assertThat(head.toLowerCase(Locale.ROOT)).contains("upgrade: websocket");
      assertThat(client.readToEnd()).isEqualTo("first bytes of the server");
    }
    assertThat(UPSTREAM.messages().getFirst().toLowerCase(Locale.ROOT))
        .contains("upgrade: websocket", "connection: upgrade");
  }

  @Test
  void aClientThatLeavesEndsTheUpstreamsWork() {
    UPSTREAM.answering(message ->
        Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + "x".repeat(1000)));
    try (RawHttp client = RawHttp.connect(PORT).send(GET)) {
      client.readHead();
      client.reset();
    }
    await("no connection is left behind")
        .until(
            () -> OSPREY.ctl().json("connections").toString().split("downstream", -1).length == 1);
  }

  private static String answerOf(String request) {
    try (RawHttp client = RawHttp.connect(PORT)) {
      return client.send(request).readMessage();
    }
  }
}
