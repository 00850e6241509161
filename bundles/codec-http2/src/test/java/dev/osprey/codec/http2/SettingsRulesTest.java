package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of RFC 9113 sections 3.4, 4.2, 6.5 and 6.7: sizes, settings and their order, PING. */
class SettingsRulesTest {
  private static final int FULL = 16_384;

  private static FrameBytes frame(int type, int flags, int stream, byte... payload) {
    return FrameBytes.none().frame(type, flags, stream, payload);
  }

  @Test
  void acknowledgesTheFirstSettings_behindItsOwn() {
    try (Rig server = Rig.silentServer();
        Rig client = Rig.silentClient()) {
      server.feed(FrameBytes.client());
      assertThat(server.sent()).startsWith("SETTINGS").endsWith("SETTINGS ack");
      client.feed(FrameBytes.server());
      assertThat(client.leg.recording().outputText()).startsWith("PRI * HTTP/2.0");
      assertThat(client.sent()).startsWith("SETTINGS").endsWith("SETTINGS ack");
    }
  }

  @Test
  void takesFramesOfFullSize() {
    try (Rig rig = Rig.server()) {
      rig.feed(frame(99, 0, 0, new byte[FULL]));
      byte[] block = FrameBytes.block(FrameBytes.request("POST", "/", "a", ""));
      byte[] full = java.util.Arrays.copyOf(block, FULL);
      // The last field's value takes the rest: its length needs two bytes more.
      int value = FULL - block.length - 2;
      full[block.length - 1] = 0x7f;
      full[block.length] = (byte) (((value - 0x7f) & 0x7f) | 0x80);
      full[block.length + 1] = (byte) ((value - 0x7f) >>> 7);
      java.util.Arrays.fill(full, block.length + 2, FULL, (byte) 'v');
      rig.feed(frame(Frames.HEADERS, Frames.END_HEADERS, 1, full));
      rig.feed(FrameBytes.none().data(1, "d".repeat(FULL), true));
      assertThat(rig.events().getFirst()).contains("v".repeat(value));
      assertThat(rig.events()).contains("data 1 " + "d".repeat(FULL) + " end");
      rig.assertGoesOn();
    }
  }

  @Test
  void refusesFramesTooSmallForTheirFlags() {
    for (FrameBytes bytes :
        List.of(
            frame(Frames.HEADERS, Frames.PADDED | Frames.END_HEADERS, 1),
            frame(Frames.HEADERS, Frames.WITH_PRIORITY | Frames.END_HEADERS, 1, new byte[4]),
            frame(
                Frames.HEADERS,
                Frames.PADDED | Frames.WITH_PRIORITY | Frames.END_HEADERS,
                1,
                new byte[5]),
            FrameBytes.none().post(1, "/").frame(Frames.DATA, Frames.PADDED, 1))) {
      try (Rig rig = Rig.server()) {
        rig.feed(bytes);
        rig.expectConnectionError(ErrorCode.FRAME_SIZE_ERROR);
      }
    }
  }

  @Test
  void refusesContinuationsWithoutAStream() {
    byte[] part = FrameBytes.block(":method", "GET");
    for (FrameBytes bytes :
        List.of(
            frame(Frames.CONTINUATION, Frames.END_HEADERS, 0, part),
            frame(Frames.HEADERS, 0, 1, part)
                .frame(Frames.CONTINUATION, Frames.END_HEADERS, 0, part))) {
      try (Rig rig = Rig.server()) {
        rig.feed(bytes);
        rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
      }
    }
  }

  @Test
  void takesEverySettingOfTheRfc() {
    try (Rig rig = Rig.server()) {
      rig.feed(
          FrameBytes.none()
              .settings(PeerSettings.HEADER_TABLE_SIZE, 0)
              .settings(PeerSettings.ENABLE_PUSH, 1, PeerSettings.ENABLE_PUSH, 0)
              .settings(PeerSettings.MAX_CONCURRENT_STREAMS, 0)
              .settings(PeerSettings.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)
              .settings(PeerSettings.MAX_FRAME_SIZE, (1 << 24) - 1)
              .settings(PeerSettings.MAX_HEADER_LIST_SIZE, 0)
              .get(1, "/"));
      assertThat(rig.sent()).hasSize(6).containsOnly("SETTINGS ack");
      rig.respond(1, 200, true);
      assertThat(rig.sent()).containsExactly("HEADERS 1 end 200");
    }
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.ENABLE_PUSH, 0));
      rig.assertGoesOn();
    }
  }

  @Test
  void sendsLargerFrames_onceThePeerTakesThem() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.MAX_FRAME_SIZE, 20_000).get(1, "/"));
      rig.respond(1, 200, false);
      rig.skip();
      rig.data(1, 30_000, true);
      assertThat(rig.sent()).containsExactly("DATA 1 20000", "DATA 1 10000 end");
    }
  }

  @Test
  void appliesSettingsInTheirOrder_andAcknowledgesAtOnce() {
    int window = PeerSettings.INITIAL_WINDOW_SIZE;
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(window, 0).get(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 50, true);
      rig.skip();
      rig.feed(FrameBytes.none().settings(window, 100, 0x99, 1, window, 7));
      assertThat(rig.sent()).containsExactly("SETTINGS ack", "DATA 1 7");
      rig.feed(FrameBytes.none().settings(window, -1, window, 7));
      rig.expectConnectionError(ErrorCode.FLOW_CONTROL_ERROR);
      assertThat(rig.count("flow_control_error")).isEqualTo(1);
      assertThat(rig.count("protocol_error")).isZero();
    }
  }

  @Test
  void repeatsThePayloadOfAPing() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().ping(false, 0x0123456789abcdefL));
      assertThat(HexFormat.of().formatHex(rig.leg.recording().output()))
          .endsWith("000008" + "06" + "01" + "00000000" + "0123456789abcdef");
    }
  }

  @Test
  void takesWhatNeedsNoWindow_whenTheWindowIsFull() {
    try (Rig rig =
        Rig.server(
                "\"initial_stream_window_size\": 65535, \"initial_connection_window_size\": 65535")
            .withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/"));
      for (int left = 65_535; left > 0; left -= FULL) {
        rig.feed(FrameBytes.none().data(1, "x".repeat(Math.min(left, FULL)), false));
      }
      rig.feed(FrameBytes.none().ping(false, 1).data(1, "", true).get(3, "/more"));
      assertThat(rig.sent()).contains("PING ack");
      assertThat(rig.requests).hasSize(2);
      assertThat(rig.leg.isClosed()).isFalse();
    }
  }

  @Test
  void countsDataThatIsInError() {
    try (Rig rig = Rig.server("\"initial_connection_window_size\": 65535")) {
      rig.feed(FrameBytes.none().get(1, "/").post(3, "/", "content-length", "1"));
      rig.feed(FrameBytes.none().data(1, "x".repeat(FULL), false));
      rig.feed(FrameBytes.none().data(3, "x".repeat(FULL), false));
      assertThat(rig.sent()).contains("WINDOW_UPDATE 0 32768");
    }
  }
}
