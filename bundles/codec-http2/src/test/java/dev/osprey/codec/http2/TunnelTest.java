package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * WebSockets of clients of HTTP/2: extended CONNECT (RFC 8441), said to the host as HTTP/1 does.
 */
class TunnelTest {
  private static final String OFFER = "\"allow_connect\": true";

  static FrameBytes connect(int stream, String protocol, boolean end) {
    return FrameBytes.none()
        .head(
            stream,
            end,
            ":method",
            "CONNECT",
            ":protocol",
            protocol,
            ":scheme",
            "http",
            ":path",
            "/chat",
            ":authority",
            "a",
            "sec-websocket-version",
            "13");
  }

  private static Rig open() {
    Rig rig = Rig.server(OFFER);
    rig.feed(connect(1, "websocket", false));
    accept(rig);
    return rig;
  }

  static void accept(Rig rig) {
    ResponseHead head = new ResponseHead();
    head.status(101);
    head.opensTunnel(true);
    head.fields().add("upgrade", "websocket");
    head.fields().add("sec-websocket-accept", "x");
    head.fields().add("sec-websocket-protocol", "chat");
    rig.leg.respond(1, head, false);
  }

  @Test
  void becomesAnUpgradeWithAKey() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(connect(1, "websocket", false));
      RequestHead head = rig.requests.getFirst();
      assertThat(head.method()).isEqualTo("GET");
      assertThat(head.path()).isEqualTo("/chat");
      assertThat(head.upgrade()).isEqualTo("websocket");
      assertThat(head.bodyLength()).isZero();
      assertThat(Objects.requireNonNull(head.fields().first(HeadReader.KEY))).hasSize(24);
      assertThat(rig.events()).singleElement().asString().contains("sec-websocket-version: 13");
    }
  }

  @Test
  void isOpenOnceTheUpstreamHasSwitched_bothWaysAndHalfClosed() {
    try (Rig rig = open()) {
      assertThat(rig.sent()).containsExactly("HEADERS 1 200");
      rig.feed(FrameBytes.none().data(1, "hello", false));
      rig.data(1, 5, false);
      assertThat(rig.events()).last().isEqualTo("data 1 hello");
      assertThat(rig.sent()).containsExactly("DATA 1 5");
      rig.data(1, 3, true);
      assertThat(rig.sent()).containsExactly("DATA 1 3 end");
      rig.feed(FrameBytes.none().data(1, "bye", true));
      assertThat(rig.events().toString()).contains("data 1 bye");
      rig.assertGoesOn();
      rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
      assertThat(rig.events().toString()).doesNotContain("reset");
    }
  }

  @Test
  void isCancelled_whenTheConnectionBehindItIsLost() {
    for (Reset.Reason reason :
        new Reset.Reason[] {Reset.Reason.CONNECTION_LOST, Reset.Reason.TRUNCATED}) {
      try (Rig rig = open()) {
        rig.skip();
        rig.leg.reset(1, Reset.byUpstream(reason, "reset by the upstream"));
        assertThat(rig.sent()).containsExactly("RST_STREAM 1 CANCEL");
        rig.assertGoesOn();
      }
    }
  }

  @Test
  void isNoTunnelYet_whenTheConnectionIsLostBeforeItIsOpen() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(connect(1, "websocket", false));
      rig.leg.reset(1, Reset.byUpstream(Reset.Reason.CONNECTION_LOST, "reset by the upstream"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 INTERNAL_ERROR");
    }
  }

  @Test
  void neverEndsInTrailers_whateverItsTypeSays() {
    try (Rig rig = Rig.server(OFFER)) {
      String[] grpc = {":method", "CONNECT", ":protocol", "websocket", ":scheme", "http"};
      String[] more = {":path", "/", ":authority", "a", "content-type", "application/grpc"};
      String[] all = Arrays.copyOf(grpc, grpc.length + more.length);
      System.arraycopy(more, 0, all, grpc.length, more.length);
      rig.feed(FrameBytes.none().head(1, false, all));
      accept(rig);
      rig.skip();
      rig.leg.reset(1, Reset.byUpstream(Reset.Reason.CONNECTION_LOST, "reset by the upstream"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 CANCEL");
    }
  }

  @Test
  void survivesASwap() {
    try (Rig rig = open()) {
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 100"));
      rig.feed(FrameBytes.none().data(1, "hello", false)).feed(connect(3, "websocket", false));
      assertThat(rig.events().toString()).contains("data 1 hello");
      assertThat(rig.requests).hasSize(2);
    }
  }

  @Test
  void isOfferedAfterASwap() {
    try (Rig rig = Rig.server()) {
      rig.leg.swapTo(rig.planOf(OFFER));
      rig.assertGoesOn();
      rig.feed(connect(1, "websocket", false));
      assertThat(rig.requests).hasSize(1);
    }
  }

  @Test
  void mayBeDeclined() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(connect(1, "websocket", false));
      rig.respond(1, 403, false);
      rig.feed(FrameBytes.none().data(1, "dropped", false));
      rig.data(1, 10, true);
      assertThat(rig.sent())
          .containsExactly("HEADERS 1 403", "DATA 1 10 end", "RST_STREAM 1 NO_ERROR");
      assertThat(rig.events().toString()).doesNotContain("dropped", "reset");
      rig.assertGoesOn();
    }
  }

  @Test
  void isOverForTheHost_onceItsRefusalIsGiven() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0));
      rig.feed(connect(1, "websocket", false));
      rig.respond(1, 403, false);
      assertThat(rig.state().headBytes).isPositive();
      rig.data(1, 10, true);
      assertThat(rig.state().headBytes).isZero();
      rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
      assertThat(rig.events().toString()).doesNotContain("reset");
      rig.assertGoesOn();
    }
  }

  @Test
  void isNotOpenedByAnySuccess() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(connect(1, "websocket", false));
      rig.respond(1, 200, true);
      assertThat(rig.sent()).contains("HEADERS 1 end 502");
    }
  }

  @Test
  void refusesWhatIsNoWebSocket() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(connect(1, "connect-udp", false));
      assertThat(rig.sent()).contains("HEADERS 1 end 501");
      rig.feed(connect(3, "websocket", true));
      assertThat(rig.sent()).contains("HEADERS 3 end 400");
      assertThat(rig.requests).isEmpty();
    }
  }

  @Test
  void refusesDataBeforeItIsOpen_andHeadersInIt() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(connect(1, "websocket", false).data(1, "early", false));
      assertThat(rig.sent()).contains("HEADERS 1 end 400");
    }
    try (Rig rig = open()) {
      rig.feed(FrameBytes.none().head(1, true, "a", "trailer"));
      rig.expectStreamError(1, ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void opensNoTunnelThatNobodyAskedFor() {
    try (Rig rig = Rig.server(OFFER)) {
      rig.feed(FrameBytes.none().get(1, "/"));
      accept(rig);
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 502");
    }
  }
}
