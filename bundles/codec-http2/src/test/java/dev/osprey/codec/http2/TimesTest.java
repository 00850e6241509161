package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What happens though nothing comes: signs of life, and limits for what does not leave. */
class TimesTest {
  private static final String KEEP_ALIVE =
      "\"connection_keepalive\": {\"interval\": \"10s\", \"timeout\": \"2s\"}";
  private static final String FLUSH = "\"stream_flush_timeout\": \"60s\"";
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(60);

  @Test
  void asksForNoAlarm_whenNothingIsConfiguredAndNothingWaits() {
    try (Rig rig = Rig.server().answering()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      assertThat(rig.leg.recording().alarm()).isNull();
    }
  }

  @Test
  void asksAClientForSignsOfLife() {
    try (Rig rig = Rig.server(KEEP_ALIVE)) {
      rig.pass(INTERVAL);
      assertThat(rig.sent()).containsExactly("PING");
      rig.feed(FrameBytes.none().ping(true, Goodbyes.ALIVE_PING));
      rig.pass(TIMEOUT).pass(INTERVAL);
      assertThat(rig.sent()).containsExactly("PING");
      rig.feed(FrameBytes.none().ping(true, Goodbyes.ALIVE_PING));
      rig.assertGoesOn();
    }
  }

  @Test
  void endsTheConnectionOfASilentClient() {
    try (Rig rig = Rig.server(KEEP_ALIVE)) {
      rig.feed(FrameBytes.none().get(1, "/")).pass(INTERVAL).pass(TIMEOUT);
      assertThat(rig.sent()).containsExactly("PING", "GOAWAY 1 NO_ERROR");
      assertThat(rig.leg.isClosed()).isTrue();
      assertThat(rig.count("keepalive_timeout")).isEqualTo(1);
    }
  }

  @Test
  void endsTheConnectionOfASilentUpstream() {
    try (Rig rig = Rig.client(KEEP_ALIVE)) {
      rig.pass(INTERVAL).pass(TIMEOUT);
      assertThat(rig.sent()).containsExactly("PING", "GOAWAY 0 NO_ERROR");
      assertThat(rig.leg.isClosed()).isTrue();
      assertThat(rig.events()).last().asString().contains("TIMEOUT");
    }
  }

  @Test
  void takesAnythingThatComesForASignOfLife() {
    try (Rig rig = Rig.server(KEEP_ALIVE)) {
      rig.pass(INTERVAL).feed(FrameBytes.none().get(1, "/")).pass(TIMEOUT);
      assertThat(rig.leg.isClosed()).isFalse();
      rig.pass(TIMEOUT);
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }

  @Test
  void goesOnAskingAfterASwap_andStopsWhenToldTo() {
    try (Rig rig = Rig.server(KEEP_ALIVE)) {
      rig.leg.swapTo(rig.planOf(KEEP_ALIVE));
      rig.pass(INTERVAL);
      assertThat(rig.sent()).containsExactly("PING");
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 100"));
      rig.pass(TIMEOUT).pass(INTERVAL);
      assertThat(rig.leg.isClosed()).isFalse();
      assertThat(rig.sent()).isEmpty();
      assertThat(rig.leg.recording().alarm()).isNull();
    }
  }

  @Test
  void beginsToAsk_whenASwapBringsIt() {
    try (Rig rig = Rig.server()) {
      rig.leg.swapTo(rig.planOf(KEEP_ALIVE));
      rig.assertGoesOn();
      rig.pass(INTERVAL);
      assertThat(rig.sent()).containsExactly("PING");
    }
  }

  @Test
  void endsAFinishedAnswerForWhichTheClientGivesNoWindow() {
    try (Rig rig = Rig.server(FLUSH)) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0).get(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 50_000, true);
      assertThat(rig.held()).isGreaterThanOrEqualTo(50_000);
      rig.skip();
      rig.pass(FLUSH_TIMEOUT).pass(FLUSH_TIMEOUT);
      assertThat(rig.held()).isZero();
      assertThat(rig.count("flush_timeout")).isEqualTo(1);
      rig.expectStreamError(1, ErrorCode.CANCEL);
    }
  }

  @Test
  void waitsForAClientThatTakesItsAnswerSlowly() {
    try (Rig rig = Rig.server(FLUSH)) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0).get(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 5_000, true);
      for (int i = 0; i < 10; i++) {
        rig.feed(FrameBytes.none().window(1, 500)).pass(FLUSH_TIMEOUT);
      }
      assertThat(rig.sent()).contains("DATA 1 500 end").doesNotContain("RST_STREAM 1 CANCEL");
      assertThat(rig.leg.recording().alarm()).isNull();
    }
  }

  @Test
  void endsTheConnectionOfAPeerThatDoesNotRead() {
    try (Rig rig = Rig.server(FLUSH)) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.leg.recording().congested(true);
      rig.respond(1, 200, false);
      rig.data(1, 10_000, true);
      rig.pass(FLUSH_TIMEOUT).pass(FLUSH_TIMEOUT);
      assertThat(rig.leg.isClosed()).isTrue();
      assertThat(rig.count("flush_timeout")).isEqualTo(1);
    }
  }

  @Test
  void leavesAPeerAloneThatReadsAgain() {
    try (Rig rig = Rig.server(FLUSH)) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.leg.recording().congested(true);
      rig.respond(1, 200, true);
      rig.pass(FLUSH_TIMEOUT);
      rig.leg.recording().congested(false);
      rig.pass(FLUSH_TIMEOUT).pass(FLUSH_TIMEOUT);
      rig.assertGoesOn();
      assertThat(rig.leg.recording().alarm()).isNull();
    }
  }

  @Test
  void endsTheConnectionOfAClientThatDoesNotEndItsHead() {
    byte[] part = FrameBytes.block(":method", "GET");
    try (Rig rig = Rig.server("\"field_block_timeout\": \"5s\"")) {
      rig.feed(FrameBytes.none().frame(Frames.HEADERS, 0, 1, part));
      // More of it is no progress: it began when it began.
      rig.pass(Duration.ofSeconds(4))
          .feed(FrameBytes.none().frame(Frames.CONTINUATION, 0, 1, part));
      assertThat(rig.leg.isClosed()).isFalse();
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 100"));
      rig.pass(Duration.ofSeconds(5));
      rig.expectConnectionError(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(rig.count("field_block_timeout")).isEqualTo(1);
      assertThat(rig.events()).last().asString().contains("OVERFLOW");
    }
  }

  @Test
  void endsTheConnectionOfAnUpstreamThatDoesNotEndItsHead() {
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().frame(Frames.HEADERS, 0, 1, FrameBytes.block(":status", "200")));
      rig.pass(Duration.ofSeconds(10));
      rig.expectConnectionError(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(rig.events()).last().asString().contains("TIMEOUT");
    }
  }

  @Test
  void leavesAConnectionAloneWhoseHeadsEndInTime() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().headInParts(1, true, 5, FrameBytes.request("GET", "/")));
      rig.pass(Duration.ofSeconds(10));
      rig.assertGoesOn();
    }
  }
}
