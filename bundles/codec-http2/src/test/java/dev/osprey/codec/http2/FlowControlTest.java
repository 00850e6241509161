package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rules of RFC 9113 sections 5.2 and 6.9. */
class FlowControlTest {
  private static Rig serving(int initialWindow) {
    Rig rig = Rig.server();
    rig.feed(
        FrameBytes.none()
            .settings(PeerSettings.INITIAL_WINDOW_SIZE, initialWindow)
            .get(1, "/")
            .get(3, "/"));
    rig.respond(1, 200, false);
    rig.respond(3, 200, false);
    rig.skip();
    return rig;
  }

  @Test
  void sendsNoMoreThanTheStreamsWindow() {
    try (Rig rig = serving(10)) {
      rig.data(1, 15, false);
      assertThat(rig.sent()).containsExactly("DATA 1 10");
      assertThat(rig.leg.isWritable(1)).isFalse();
      rig.data(1, 0, true);
      rig.feed(FrameBytes.none().window(1, 3));
      assertThat(rig.sent()).containsExactly("DATA 1 3");
      rig.feed(FrameBytes.none().window(1, 3));
      assertThat(rig.sent()).containsExactly("DATA 1 2 end");
    }
  }

  @Test
  void aStreamWithoutWindowHoldsUpNoOther() {
    try (Rig rig = serving(10)) {
      rig.data(1, 15, true);
      rig.skip();
      rig.data(3, 10, true);
      assertThat(rig.sent()).containsExactly("DATA 3 10 end");
      assertThat(rig.leg.isWritable(3)).isTrue();
    }
  }

  @Test
  void sendsNoMoreThanTheConnectionsWindow_andTakesTurns() {
    try (Rig rig = serving(1_000_000)) {
      rig.data(1, 65_535, false);
      rig.skip();
      rig.data(1, 40_000, true);
      rig.data(3, 40_000, true);
      assertThat(rig.sent()).isEmpty();
      rig.feed(FrameBytes.none().window(0, 50_000));
      assertThat(rig.sent())
          .containsExactly("DATA 1 16384", "DATA 3 16384", "DATA 1 16384", "DATA 3 848");
      rig.feed(FrameBytes.none().window(0, 50_000));
      assertThat(rig.sent()).contains("DATA 1 7232 end").last().asString().endsWith("end");
    }
  }

  @Test
  void sendsEndsAndTrailersWithoutAWindow() {
    try (Rig rig = serving(0)) {
      rig.data(1, 0, true);
      assertThat(rig.sent()).containsExactly("DATA 1 0 end");
      dev.osprey.spi.message.Fields trailers = new dev.osprey.spi.message.Fields();
      trailers.add("a", "b");
      rig.data(3, 5, false);
      rig.leg.trailers(3, trailers);
      assertThat(rig.sent()).isEmpty();
      rig.feed(FrameBytes.none().window(3, 5));
      assertThat(rig.sent()).containsExactly("DATA 3 5", "HEADERS 3 end trailers");
    }
  }

  @Test
  void windowsMayBecomeNegative() {
    try (Rig rig = serving(10)) {
      rig.data(1, 10, false);
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 3));
      rig.skip();
      rig.data(1, 5, true);
      rig.feed(FrameBytes.none().window(1, 7));
      assertThat(rig.sent()).isEmpty();
      rig.feed(FrameBytes.none().window(1, 1));
      assertThat(rig.sent()).containsExactly("DATA 1 1");
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 100));
      assertThat(rig.sent()).containsExactly("SETTINGS ack", "DATA 1 4 end");
    }
  }

  @Test
  void refusesWindowsThatOverflow() {
    try (Rig rig = serving(10)) {
      rig.feed(FrameBytes.none().window(1, Integer.MAX_VALUE));
      rig.expectStreamError(1, ErrorCode.FLOW_CONTROL_ERROR);
      rig.feed(FrameBytes.none().window(0, Integer.MAX_VALUE));
      rig.expectConnectionError(ErrorCode.FLOW_CONTROL_ERROR);
    }
    try (Rig rig = serving(10)) {
      rig.feed(
          FrameBytes.none()
              .window(1, Integer.MAX_VALUE - 10)
              .settings(PeerSettings.INITIAL_WINDOW_SIZE, 11));
      rig.expectConnectionError(ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void refusesIncrementsOfNothing() {
    try (Rig rig = serving(10)) {
      rig.feed(FrameBytes.none().window(1, 0));
      rig.expectStreamError(1, ErrorCode.PROTOCOL_ERROR);
      rig.feed(FrameBytes.none().window(0, 0));
      rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  private static FrameBytes body(int stream, int bytes) {
    FrameBytes all = FrameBytes.none();
    for (int left = bytes; left > 0; left -= 16_384) {
      all.data(stream, "x".repeat(Math.min(left, 16_384)), false);
    }
    return all;
  }

  @Test
  void refusesMoreThanAStreamMaySend() {
    try (Rig rig = Rig.server("\"initial_stream_window_size\": 65535").withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/")).feed(body(1, 65_535));
      rig.assertGoesOn();
      rig.feed(FrameBytes.none().data(1, "x", false));
      rig.expectStreamError(1, ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void checksEachFrameAgainstTheConnectionsWindow() {
    try (Rig rig = Rig.server("\"initial_connection_window_size\": 65535").withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/")).feed(body(1, 32_000));
      assertThat(rig.sent()).as("no credit before half of it is used").isEmpty();
      rig.feed(FrameBytes.none().post(3, "/")).feed(body(3, 33_000));
      rig.assertGoesOn();
    }
  }

  @Test
  void givesCreditForWhatWasTaken_andForPaddingAtOnce() {
    try (Rig rig = Rig.server("\"initial_stream_window_size\": 65535").withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/")).feed(body(1, 40_000));
      assertThat(rig.sent()).isEmpty();
      rig.leg.credit(1, 40_000);
      assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 1 40000");
      for (int i = 0; i < 130; i++) {
        rig.feed(FrameBytes.none().padded(1, "x", 254, false));
      }
      assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 1 32895");
    }
  }

  @Test
  void givesCreditForTheConnection_evenWhenNobodyTakesTheBody() {
    try (Rig rig =
        Rig.server(
                "\"initial_connection_window_size\": 65535,"
                    + " \"initial_stream_window_size\": 65535")
            .withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/").post(3, "/")).feed(body(1, 40_000));
      assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 0 32768");
      rig.feed(body(3, 40_000));
      assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 0 40000");
    }
  }

  @Test
  void countsWhatComesForStreamsThatAreGone() {
    try (Rig rig = Rig.server("\"initial_connection_window_size\": 65535")) {
      rig.feed(FrameBytes.none().post(1, "/"));
      rig.respond(1, 200, true);
      rig.skip();
      rig.feed(body(1, 40_000));
      assertThat(rig.sent()).contains("WINDOW_UPDATE 0 32768");
    }
  }
}
