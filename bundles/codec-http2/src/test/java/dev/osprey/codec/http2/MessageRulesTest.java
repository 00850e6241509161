package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of RFC 9113 section 8: heads, bodies and trailers. */
class MessageRulesTest {
  private static void expectMalformed(FrameBytes bytes) {
    try (Rig rig = Rig.server()) {
      rig.feed(bytes);
      assertThat(rig.events()).last().asString().startsWith("bad-request 1 400");
      assertThat(rig.count("messaging_error")).isEqualTo(1);
      List<String> sent = rig.sent();
      assertThat(sent)
          .contains("HEADERS 1 end 400")
          .last()
          .isEqualTo("RST_STREAM 1 PROTOCOL_ERROR");
      rig.assertGoesOn();
    }
  }

  private static void expectMalformedHead(String... fields) {
    expectMalformed(FrameBytes.none().head(1, true, fields));
  }

  private static void expectMalformedAnswer(FrameBytes bytes) {
    try (Rig rig = Rig.client()) {
      rig.feed(bytes);
      assertThat(rig.events()).last().isEqualTo("reset 1 UPSTREAM PROTOCOL_ERROR");
      rig.expectStreamError(1, ErrorCode.PROTOCOL_ERROR);
    }
  }

  private static String[] get(String... more) {
    return FrameBytes.request("GET", "/", more);
  }

  @Test
  void sendsNoBody_whereNoneMayBe() {
    for (int status : new int[] {200, 404}) {
      try (Rig rig = Rig.server()) {
        rig.feed(FrameBytes.none().head(1, true, FrameBytes.request("HEAD", "/")));
        rig.respond(1, status, false);
        rig.data(1, 20, true);
        assertThat(rig.sent()).containsExactly("HEADERS 1 end " + status);
        rig.assertGoesOn();
      }
    }
    for (int status : new int[] {204, 304}) {
      try (Rig rig = Rig.server()) {
        rig.feed(FrameBytes.none().get(1, "/"));
        rig.respond(1, status, false);
        rig.data(1, 20, true);
        assertThat(rig.sent()).containsExactly("HEADERS 1 end " + status);
      }
    }
  }

  @Test
  void refusesUpperCaseAndOtherInvalidNames() {
    expectMalformedHead(get("Upper", "x"));
    expectMalformedHead(get("sp ace", "x"));
    expectMalformedHead(get("", "x"));
    expectMalformedHead(get("a:b", "x"));
    expectMalformedHead(get("\u0080", "x"));
  }

  @Test
  void refusesInvalidValues() {
    expectMalformedHead(get("a", "x\ny"));
    expectMalformedHead(get("a", "x\ry"));
    expectMalformedHead(get("a", "x\0y"));
    expectMalformedHead(get("a", " x"));
    expectMalformedHead(get("a", "x\t"));
    expectMalformedHead(get("a", "x\u0001"));
  }

  @Test
  void refusesInvalidFieldsThatCameOutOfTheTable() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/", "+Upper", "x").get(3, "/", "#62", ""));
      assertThat(rig.events()).allMatch(it -> it.startsWith("bad-request"));
    }
  }

  @Test
  void refusesFieldsOfConnections() {
    for (String name :
        List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")) {
      expectMalformedHead(get(name, "close"));
    }
    expectMalformedHead(get("te", "gzip"));
  }

  @Test
  void takesTeWithTrailers() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/", "te", "trailers"));
      assertThat(rig.events()).first().asString().contains("te: trailers");
    }
  }

  @Test
  void refusesPseudoFieldsThatAreUnknownLateOrDouble() {
    expectMalformedHead(get(":unknown", "x"));
    expectMalformedHead(get(":status", "200"));
    expectMalformedHead(get("a", "b", ":path", "/"));
    expectMalformedHead(get(":path", "/"));
    expectMalformedHead(":method", "GET", "a", "b", ":scheme", "http", ":path", "/");
  }

  @Test
  void refusesHeadsWithoutTheirPseudoFields() {
    expectMalformedHead(":scheme", "http", ":path", "/", ":authority", "a");
    expectMalformedHead(":method", "GET", ":path", "/", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "/");
  }

  @Test
  void refusesInvalidPseudoFields() {
    expectMalformedHead(":method", "G T", ":scheme", "http", ":path", "/", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "ftp", ":path", "/", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "x", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "/ x", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "*", ":authority", "a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "u@a");
    expectMalformedHead(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "");
  }

  @Test
  void takesAHostInPlaceOfTheAuthority_butNotBesideAnother() {
    try (Rig rig = Rig.server()) {
      rig.feed(
          FrameBytes.none()
              .head(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "h"));
      assertThat(rig.events()).first().asString().startsWith("request 1 GET h /");
      rig.feed(FrameBytes.none().get(3, "/", "host", "A"));
      assertThat(rig.events()).last().asString().startsWith("request 3 GET a /");
    }
    expectMalformedHead(get("host", "other"));
    expectMalformedHead(get("host", "a", "host", "a"));
  }

  @Test
  void answersConnectWith405() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().head(1, false, ":method", "CONNECT", ":authority", "a:1"));
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 405", "RST_STREAM 1 NO_ERROR");
    }
    expectMalformedHead(":method", "CONNECT", ":authority", "a:1", ":path", "/");
  }

  @Test
  void refusesExtendedConnect_whenItWasNotOffered() {
    expectMalformedHead(
        ":method",
        "CONNECT",
        ":protocol",
        "websocket",
        ":scheme",
        "http",
        ":path",
        "/",
        ":authority",
        "a");
  }

  @Test
  void refusesBodiesThatAreNotAsLongAsAnnounced() {
    expectMalformed(FrameBytes.none().post(1, "/", "content-length", "3").data(1, "12", true));
    expectMalformed(FrameBytes.none().post(1, "/", "content-length", "3").data(1, "1234", false));
    expectMalformed(FrameBytes.none().post(1, "/", "content-length", "3").head(1, true, "a", "b"));
    expectMalformed(FrameBytes.none().get(1, "/", "content-length", "3"));
  }

  @Test
  void refusesInvalidLengths() {
    expectMalformedHead(get("content-length", "+1"));
    expectMalformedHead(get("content-length", ""));
    expectMalformedHead(get("content-length", "0", "content-length", "0"));
    expectMalformedHead(get("content-length", "99999999999999999999"));
  }

  @Test
  void refusesTrailersThatDoNotEndTheStreamOrHavePseudoFields() {
    expectMalformed(FrameBytes.none().post(1, "/").head(1, false, "a", "b"));
    expectMalformed(FrameBytes.none().post(1, "/").head(1, true, ":path", "/"));
    expectMalformed(FrameBytes.none().post(1, "/").head(1, true, "Upper", "/"));
  }

  @Test
  void resetsAStream_whenItsRestIsMalformedBehindTheAnswersBegin() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().post(1, "/", "content-length", "3"));
      rig.respond(1, 200, false);
      rig.feed(FrameBytes.none().data(1, "12", true));
      rig.expectStreamError(1, ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void joinsCookieCrumbs() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/", "cookie", "a=1", "x", "y", "cookie", "b=2"));
      assertThat(rig.events()).first().asString().contains("{cookie: a=1; b=2, x: y,");
    }
  }

  @Test
  void countsAllCrumbsOfACookieAsOneField_butAllOfTheirBytes() {
    String[] crumbs = new String[100];
    for (int i = 0; i < crumbs.length; i += 2) {
      crumbs[i] = "cookie";
      crumbs[i + 1] = "c" + i + "=1";
    }
    try (Rig rig = Rig.server("\"max_fields\": 6, \"max_head_bytes\": 4000")) {
      rig.feed(FrameBytes.none().get(1, "/", crumbs));
      assertThat(rig.events()).first().asString().startsWith("request 1").contains("c98=1");
    }
    try (Rig rig = Rig.server("\"max_fields\": 6, \"max_head_bytes\": 1000")) {
      rig.feed(FrameBytes.none().get(1, "/", crumbs));
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 431");
    }
  }

  @Test
  void addsNothingToAnAnswer_whenTheRequestTurnsOutMalformed() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0));
      rig.feed(FrameBytes.none().post(1, "/", "content-length", "1"));
      rig.respond(1, 200, false);
      rig.data(1, 10, true);
      rig.skip();
      rig.feed(FrameBytes.none().data(1, "too long", true));
      rig.expectStreamError(1, ErrorCode.PROTOCOL_ERROR);
      rig.feed(FrameBytes.none().window(1, 100));
      assertThat(rig.sent()).isEmpty();
    }
  }

  @Test
  void endsAnUpload_whenItsAnswerIsCompleteAndNoWindowIsGiven() {
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 10));
      int stream = rig.post();
      rig.data(stream, 1000, true);
      rig.skip();
      rig.feed(FrameBytes.none().answer(stream, 413, true));
      assertThat(rig.events()).contains("response 3 413 length=0 end");
      assertThat(rig.held()).isZero();
      rig.expectStreamError(stream, ErrorCode.CANCEL);
    }
  }

  @Test
  void answersALargeHeadWith431_andGoesOn() {
    try (Rig rig = Rig.server("\"max_head_bytes\": 1000")) {
      rig.feed(FrameBytes.none().get(1, "/", "large", "x".repeat(1000)));
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 431");
      assertThat(rig.count("header_overflow")).isEqualTo(1);
      rig.feed(FrameBytes.none().get(3, "/"));
      assertThat(rig.events()).last().asString().startsWith("request 3");
    }
  }

  @Test
  void countsFieldsAsWellAsBytes() {
    try (Rig rig = Rig.server("\"max_fields\": 5")) {
      rig.feed(FrameBytes.none().get(1, "/", "a", "b", "c", "d"));
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 431");
    }
  }

  @Test
  void asksForNoMore_whenTheAnswerIsCompleteBeforeTheRequest() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().post(1, "/"));
      rig.respond(1, 413, true);
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 413", "RST_STREAM 1 NO_ERROR");
      rig.feed(FrameBytes.none().data(1, "late", true));
      assertThat(rig.sent()).isEmpty();
    }
  }

  @Test
  void sendsInterimAndFinalHeads() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.respond(1, 103, false);
      rig.respond(1, 200, true);
      assertThat(rig.sent()).containsExactly("HEADERS 1 103", "HEADERS 1 end 200");
    }
  }

  @Test
  void readsInterimAndFinalHeads_andTrailersOnly() {
    try (Rig rig = Rig.client()) {
      rig.feed(
          FrameBytes.none()
              .answer(1, 103, false, "link", "l")
              .answer(1, 200, true, "grpc-status", "3"));
      assertThat(rig.events())
          .contains("response 1 103 {link: l}", "response 1 200 length=0 {grpc-status: 3} end");
    }
  }

  @Test
  void refusesMalformedAnswers() {
    expectMalformedAnswer(FrameBytes.none().answer(1, 200, true, "Upper", "x"));
    expectMalformedAnswer(FrameBytes.none().answer(1, 200, true, "connection", "close"));
    expectMalformedAnswer(FrameBytes.none().answer(1, 200, true, ":path", "/"));
    expectMalformedAnswer(FrameBytes.none().answer(1, 101, false));
    expectMalformedAnswer(FrameBytes.none().answer(1, 103, true));
    expectMalformedAnswer(FrameBytes.none().answer(1, 20, true));
    expectMalformedAnswer(FrameBytes.none().head(1, true, "no", "status"));
    expectMalformedAnswer(FrameBytes.none().data(1, "first", true));
    expectMalformedAnswer(
        FrameBytes.none().answer(1, 200, false, "content-length", "1").data(1, "", true));
    expectMalformedAnswer(FrameBytes.none().answer(1, 204, false).data(1, "x", true));
  }

  @Test
  void boundsInterimAnswers() {
    FrameBytes many = FrameBytes.none();
    for (int i = 0; i < 17; i++) {
      many.answer(1, 103, false);
    }
    expectMalformedAnswer(many);
  }

  @Test
  void writesFieldsOfOthersInLowerCase_withoutThoseOfConnections() {
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("GET");
      head.fields().add("X-Mixed", " v ");
      head.fields().add("Connection", "close");
      head.fields().add("Transfer-Encoding", "chunked");
      head.fields().add("Host", "other");
      head.fields().add("TE", "gzip");
      rig.leg.request(head, true);
      String out = rig.leg.recording().outputText();
      assertThat(out).contains("x-mixed").doesNotContain("chunked", "close", "other", "gzip");
    }
  }

  @Test
  void refusesToForwardHeadsWithBadBytes() {
    for (String value : List.of("x\ny", "x\0y")) {
      try (Rig rig = Rig.client()) {
        RequestHead head = Rig.request("GET");
        head.fields().add("a", value);
        rig.leg.request(head, true);
        assertThat(rig.sent()).isEmpty();
        assertThat(rig.events()).last().isEqualTo("reset 3 DOWNSTREAM PROTOCOL_ERROR");
        rig.assertGoesOn();
      }
    }
  }

  @Test
  void answers502_whenAHeadMustNotBeForwarded() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      ResponseHead head = new ResponseHead();
      head.status(200);
      head.fields().add("a", "x\ny");
      rig.leg.respond(1, head, true);
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 502");
    }
  }

  @Test
  void sendsTrailersWithoutWhatMayNotStandThere() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.respond(1, 200, false);
      Fields trailers = new Fields();
      trailers.add("Grpc-Status", "0");
      trailers.add("content-length", "5");
      rig.leg.trailers(1, trailers);
      assertThat(rig.sent()).containsExactly("HEADERS 1 200", "HEADERS 1 end trailers");
    }
  }

  @Test
  void carriesTheCauseOfAResetBothWays() {
    for (ErrorCode code :
        List.of(ErrorCode.CANCEL, ErrorCode.INTERNAL_ERROR, ErrorCode.REFUSED_STREAM)) {
      try (Rig server = Rig.server();
          Rig client = Rig.client()) {
        client.feed(FrameBytes.none().reset(1, code));
        server.feed(FrameBytes.none().get(1, "/"));
        server.leg.reset(1, code.reset(Reset.Source.UPSTREAM));
        assertThat(server.sent()).containsExactly("RST_STREAM 1 " + code);
        boolean retryable = code == ErrorCode.REFUSED_STREAM;
        assertThat(client.events().getLast().endsWith("retryable")).isEqualTo(retryable);
      }
    }
  }

  @Test
  void passesACancellationOn() {
    try (Rig rig = Rig.client()) {
      rig.leg.reset(1, ErrorCode.CANCEL.reset(Reset.Source.DOWNSTREAM));
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 CANCEL");
    }
  }
}
