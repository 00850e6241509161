package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import org.junit.jupiter.api.Test;

/** WebSockets to upstreams of HTTP/2: extended CONNECT (RFC 8441), asked for as HTTP/1 does. */
class UpstreamTunnelTest {
  private static final String OFFER = "\"allow_connect\": true";

  /** The key and the proof of RFC 6455 section 1.3. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String PROOF = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static RequestHead upgrade(String protocols) {
    RequestHead head = Rig.request("GET");
    head.upgrade(protocols);
    head.fields().add("sec-websocket-key", KEY);
    head.fields().add("sec-websocket-version", "13");
    return head;
  }

  /** An upstream that offers it, asked for a WebSocket on stream 1. */
  private static Rig asking() {
    Rig rig = Rig.silentClient(OFFER);
    rig.feed(FrameBytes.none().settings(PeerSettings.ENABLE_CONNECT_PROTOCOL, 1));
    assertThat(rig.leg.request(upgrade("websocket"), true)).isEqualTo(1);
    rig.skip();
    return rig;
  }

  private static Rig open() {
    Rig rig = asking();
    rig.feed(FrameBytes.none().answer(1, 200, false, "sec-websocket-protocol", "chat"));
    return rig;
  }

  @Test
  void isNotReadyBeforeTheUpstreamHasSpoken() {
    try (Rig rig = Rig.silentClient(OFFER)) {
      assertThat(rig.sent()).containsExactly("SETTINGS", "WINDOW_UPDATE 0 983041");
      assertThat(rig.leg.isReady()).isFalse();
      rig.leg.swapTo(rig.planOf(OFFER));
      assertThat(rig.leg.isReady()).isFalse();
      rig.feed(FrameBytes.server());
      assertThat(rig.leg.isReady()).isTrue();
      assertThat(rig.leg.recording().events()).hasToString("[writable]");
      rig.leg.swapTo(rig.planOf(OFFER));
      assertThat(rig.leg.isReady()).isTrue();
    }
  }

  @Test
  void asksByExtendedConnect_withoutTheKey() {
    try (Rig rig = Rig.silentClient(OFFER)) {
      rig.feed(FrameBytes.none().settings(PeerSettings.ENABLE_CONNECT_PROTOCOL, 1));
      rig.leg.request(upgrade("h2c, WebSocket"), true);
      String out =
          new String(rig.leg.recording().output(), java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(out).contains("CONNECT", ":protocol", "websocket");
      assertThat(out).contains("sec-websocket-version").doesNotContain("sec-websocket-key", KEY);
      assertThat(rig.sent()).last().isEqualTo("HEADERS 1 /");
    }
  }

  @Test
  void aSuccessOpensIt_bothWaysAndHalfClosed() {
    try (Rig rig = open()) {
      assertThat(rig.events())
          .last()
          .asString()
          .startsWith("response 1 101")
          .contains("upgrade: websocket", "sec-websocket-accept: " + PROOF, "chat");
      rig.feed(FrameBytes.none().data(1, "hello", false));
      rig.data(1, 5, false);
      assertThat(rig.events()).last().isEqualTo("data 1 hello");
      assertThat(rig.sent()).containsExactly("DATA 1 5");
      rig.feed(FrameBytes.none().data(1, "bye", true));
      rig.data(1, 3, false);
      rig.data(1, 4, true);
      assertThat(rig.sent()).containsExactly("DATA 1 3", "DATA 1 4 end");
      rig.assertGoesOn();
    }
  }

  @Test
  void survivesSwaps_whileItIsAskedForAndOpen() {
    try (Rig rig = asking()) {
      rig.leg.swapTo(rig.planOf(OFFER));
      rig.feed(FrameBytes.none().answer(1, 200, false));
      assertThat(rig.events()).last().asString().contains("sec-websocket-accept: " + PROOF);
      rig.leg.swapTo(rig.planOf(OFFER));
      rig.feed(FrameBytes.none().data(1, "hello", false));
      assertThat(rig.events()).last().isEqualTo("data 1 hello");
      rig.data(1, 5, true);
      assertThat(rig.sent()).containsExactly("DATA 1 5 end");
    }
  }

  @Test
  void mayBeDeclined() {
    try (Rig rig = asking()) {
      rig.feed(FrameBytes.none().answer(1, 403, false).data(1, "no", true));
      assertThat(rig.events()).containsSubsequence("response 1 403", "data 1 no end");
      assertThat(rig.sent()).containsExactly("DATA 1 0 end");
      rig.assertGoesOn();
    }
  }

  @Test
  void isRefusedHere_whenTheUpstreamDoesNotOfferIt() {
    try (Rig rig = Rig.silentClient(OFFER)) {
      rig.feed(FrameBytes.server());
      rig.skip();
      rig.leg.request(upgrade("websocket"), true);
      assertThat(rig.events()).last().isEqualTo("reset 1 UPSTREAM REFUSED");
      assertThat(rig.sent()).isEmpty();
      assertThat(rig.get()).isEqualTo(1);
    }
  }

  @Test
  void isAnOrdinaryGet_whenItIsNotAllowed() {
    try (Rig rig = Rig.silentClient()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.ENABLE_CONNECT_PROTOCOL, 1));
      rig.skip();
      rig.leg.request(upgrade("websocket"), true);
      assertThat(rig.sent()).containsExactly("HEADERS 1 end /");
    }
  }

  @Test
  void headersInsideItAreAStreamError() {
    try (Rig rig = open()) {
      rig.feed(FrameBytes.none().head(1, false, "a", "b"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
      assertThat(rig.count("stream_protocol_error")).isEqualTo(1);
      rig.assertGoesOn();
    }
  }
}
