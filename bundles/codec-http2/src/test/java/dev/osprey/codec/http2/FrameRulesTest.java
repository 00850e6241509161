package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.Bytes;
import org.junit.jupiter.api.Test;

/** The rules of RFC 9113 sections 3 to 6 that concern frames and the states of streams. */
class FrameRulesTest {
  private static final byte[] FOUR = new byte[4];

  private static void expectConnectionError(ErrorCode code, FrameBytes bytes) {
    try (Rig rig = Rig.server()) {
      rig.feed(bytes);
      rig.expectConnectionError(code);
    }
  }

  private static void expectStreamError(int stream, ErrorCode code, FrameBytes bytes) {
    try (Rig rig = Rig.server()) {
      rig.feed(bytes);
      rig.expectStreamError(stream, code);
    }
  }

  private static FrameBytes frame(int type, int flags, int stream, byte... payload) {
    return FrameBytes.none().frame(type, flags, stream, payload);
  }

  @Test
  void closes_whenThePrefaceIsWrong() {
    try (Rig rig = Rig.silentServer()) {
      rig.leg.feed(Bytes.of("PRI * HTTP/2.0\r\n\r\nSX"));
      assertThat(rig.leg.isClosed()).isTrue();
      assertThat(rig.sent()).isEmpty();
    }
  }

  @Test
  void sendsSettingsFirst() {
    try (Rig server = Rig.silentServer();
        Rig client = Rig.silentClient()) {
      server.feed(FrameBytes.client());
      assertThat(server.sent()).first().isEqualTo("SETTINGS");
      client.get();
      assertThat(client.leg.recording().outputText())
          .startsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      assertThat(client.sent()).containsSubsequence("SETTINGS", "HEADERS 1 end /");
    }
  }

  @Test
  void insistsOnSettingsFirst() {
    try (Rig server = Rig.silentServer();
        Rig client = Rig.silentClient()) {
      server.leg.feed(Bytes.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
      server.feed(FrameBytes.none().get(1, "/"));
      server.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
      client.get();
      client.feed(FrameBytes.none().ping(false, 1));
      client.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void refusesFramesAboveTheSizeWeTake() {
    expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, frame(Frames.DATA, 0, 1, new byte[16_385]));
    expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, frame(77, 0, 0, new byte[16_385]));
  }

  @Test
  void ignoresUnknownFramesAndFlags_andTheReservedBit() {
    try (Rig rig = Rig.server()) {
      rig.feed(frame(77, 0xff, 5, FOUR)).feed(frame(Frames.PING, 0xf0, 1 << 31, new byte[8]));
      assertThat(rig.sent()).containsExactly("PING ack");
    }
  }

  @Test
  void refusesFramesInsideAFieldBlock() {
    byte[] part = FrameBytes.block(":method", "GET");
    FrameBytes open = frame(Frames.HEADERS, 0, 1, part);
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, open.ping(false, 1));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        frame(Frames.HEADERS, 0, 1, part).frame(Frames.CONTINUATION, 0, 3, part));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, frame(Frames.HEADERS, 0, 1, part).frame(77, 0, 1, FOUR));
  }

  @Test
  void refusesContinuationsOfNothing() {
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, frame(Frames.CONTINUATION, Frames.END_HEADERS, 1));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        FrameBytes.none().get(1, "/").frame(Frames.CONTINUATION, Frames.END_HEADERS, 1));
  }

  @Test
  void endsTheConnection_whenABlockCannotBeDecoded() {
    byte[] broken = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1};
    expectConnectionError(
        ErrorCode.COMPRESSION_ERROR, frame(Frames.HEADERS, Frames.END_HEADERS, 1, broken));
    expectConnectionError(
        ErrorCode.COMPRESSION_ERROR,
        FrameBytes.none()
            .post(1, "/")
            .frame(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 1, broken));
  }

  @Test
  void keepsTheTableRight_whenAStreamIsRefused() {
    try (Rig rig = Rig.server("\"max_concurrent_streams\": 1")) {
      rig.feed(FrameBytes.none().get(1, "/").get(3, "/", "+a", "b"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 3 REFUSED_STREAM");
      rig.respond(1, 200, true);
      rig.feed(FrameBytes.none().get(5, "/", "#62", ""));
      assertThat(rig.events()).last().asString().contains("a: b");
    }
  }

  @Test
  void refusesFramesOfIdleStreams() {
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, FrameBytes.none().data(1, "x", true));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, FrameBytes.none().window(1, 1));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, FrameBytes.none().reset(1, ErrorCode.CANCEL));
  }

  @Test
  void takesPriorityOnIdleStreams() {
    try (Rig rig = Rig.server()) {
      rig.feed(frame(Frames.PRIORITY, 0, 9, new byte[5]));
      rig.assertGoesOn();
    }
  }

  @Test
  void refusesEvenAndDecreasingStreams() {
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, FrameBytes.none().head(2, true, FrameBytes.request("GET", "/")));
    try (Rig rig = Rig.server().answering()) {
      rig.feed(FrameBytes.none().get(5, "/").get(3, "/"));
      rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void refusesFramesBehindTheEndOfAStream() {
    expectStreamError(1, ErrorCode.STREAM_CLOSED, FrameBytes.none().get(1, "/").data(1, "x", true));
    expectStreamError(
        1, ErrorCode.STREAM_CLOSED, FrameBytes.none().get(1, "/").head(1, true, "a", "b"));
  }

  @Test
  void refusesFramesOfClosedStreams() {
    try (Rig rig = Rig.server().answering()) {
      rig.feed(FrameBytes.none().get(1, "/").data(1, "x", true));
      rig.expectStreamError(1, ErrorCode.STREAM_CLOSED);
    }
    try (Rig rig = Rig.server().answering()) {
      rig.feed(FrameBytes.none().get(1, "/").get(1, "/"));
      rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void ignoresWindowsAndResetsOfClosedStreams() {
    try (Rig rig = Rig.server().answering()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.skip();
      rig.feed(FrameBytes.none().window(1, 1).reset(1, ErrorCode.CANCEL));
      rig.assertGoesOn();
    }
  }

  @Test
  void ignoresWhatWasOnItsWay_whenWeResetAStream() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().post(1, "/"));
      rig.leg.reset(
          1, dev.osprey.spi.message.Reset.byHost(dev.osprey.spi.message.Reset.Reason.TIMEOUT, "x"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 INTERNAL_ERROR");
      rig.feed(FrameBytes.none().data(1, "x", false).head(1, true, "+a", "b"));
      assertThat(rig.sent()).isEmpty();
      rig.feed(FrameBytes.none().get(3, "/", "#62", ""));
      assertThat(rig.events()).last().asString().contains("a: b");
    }
  }

  @Test
  void refusesFramesThatNeedAStreamOrMustHaveNone() {
    byte[] head = FrameBytes.block(FrameBytes.request("GET", "/"));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, frame(Frames.DATA, 0, 0, FOUR));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, frame(Frames.HEADERS, Frames.END_HEADERS, 0, head));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, frame(Frames.PRIORITY, 0, 0, new byte[5]));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, frame(Frames.RST_STREAM, 0, 0, FOUR));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, frame(Frames.SETTINGS, 0, 1));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, frame(Frames.PING, 0, 1, new byte[8]));
    expectConnectionError(ErrorCode.PROTOCOL_ERROR, frame(Frames.GOAWAY, 0, 1, new byte[8]));
  }

  @Test
  void refusesFramesOfWrongLength() {
    expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, frame(Frames.SETTINGS, 0, 0, FOUR));
    expectConnectionError(
        ErrorCode.FRAME_SIZE_ERROR, frame(Frames.SETTINGS, Frames.ACK, 0, new byte[6]));
    expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, frame(Frames.PING, 0, 0, FOUR));
    expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, frame(Frames.GOAWAY, 0, 0, FOUR));
    expectConnectionError(ErrorCode.FRAME_SIZE_ERROR, frame(Frames.WINDOW_UPDATE, 0, 0, (byte) 1));
    expectConnectionError(
        ErrorCode.FRAME_SIZE_ERROR,
        FrameBytes.none().post(1, "/").frame(Frames.RST_STREAM, 0, 1, (byte) 1));
    expectStreamError(
        1,
        ErrorCode.FRAME_SIZE_ERROR,
        FrameBytes.none().post(1, "/").frame(Frames.PRIORITY, 0, 1, FOUR));
  }

  @Test
  void refusesPaddingThatExceedsThePayload() {
    byte[] padded = {5, 0, 0, 0, 0};
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        FrameBytes.none().post(1, "/").frame(Frames.DATA, Frames.PADDED, 1, padded));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        frame(Frames.HEADERS, Frames.PADDED | Frames.END_HEADERS, 1, padded));
    expectConnectionError(
        ErrorCode.FRAME_SIZE_ERROR,
        FrameBytes.none().post(1, "/").frame(Frames.DATA, Frames.PADDED, 1));
  }

  @Test
  void readsPaddedAndPrioritisedHeads() {
    byte[] block = FrameBytes.block(FrameBytes.request("GET", "/padded"));
    byte[] payload = new byte[1 + 5 + block.length + 3];
    payload[0] = 3;
    System.arraycopy(block, 0, payload, 6, block.length);
    int flags = Frames.PADDED | Frames.WITH_PRIORITY | Frames.END_HEADERS | Frames.END_STREAM;
    try (Rig rig = Rig.server()) {
      rig.feed(frame(Frames.HEADERS, flags, 1, payload));
      assertThat(rig.events()).first().asString().startsWith("request 1 GET a /padded");
    }
  }

  @Test
  void acknowledgesSettingsAndPings() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.MAX_CONCURRENT_STREAMS, 3).ping(false, 4));
      assertThat(rig.sent()).containsExactly("SETTINGS ack", "PING ack");
      rig.feed(FrameBytes.none().ping(true, 4).frame(Frames.SETTINGS, Frames.ACK, 0));
      assertThat(rig.sent()).isEmpty();
    }
  }

  @Test
  void refusesSettingsOutOfRange() {
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, FrameBytes.none().settings(PeerSettings.ENABLE_PUSH, 2));
    expectConnectionError(
        ErrorCode.FLOW_CONTROL_ERROR,
        FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, Integer.MIN_VALUE));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, FrameBytes.none().settings(PeerSettings.MAX_FRAME_SIZE, 16_383));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR, FrameBytes.none().settings(PeerSettings.MAX_FRAME_SIZE, 1 << 24));
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        FrameBytes.none().settings(PeerSettings.ENABLE_CONNECT_PROTOCOL, 2));
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.ENABLE_PUSH, 1));
      rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void ignoresUnknownSettings() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(0x99, 7));
      assertThat(rig.sent()).containsExactly("SETTINGS ack");
    }
  }

  @Test
  void refusesPushes() {
    expectConnectionError(
        ErrorCode.PROTOCOL_ERROR,
        FrameBytes.none().post(1, "/").frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, 1, FOUR));
    try (Rig rig = Rig.client()) {
      rig.feed(frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, 1, FOUR));
      rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void writesFramesNoLargerThanThePeerTakes() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 40_000, true);
      assertThat(rig.sent())
          .containsExactly("HEADERS 1 200", "DATA 1 16384", "DATA 1 16384", "DATA 1 7232 end");
    }
  }

  @Test
  void splitsALargeHeadIntoContinuations() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      dev.osprey.spi.message.ResponseHead head = new dev.osprey.spi.message.ResponseHead();
      head.status(200);
      head.fields().add("large", "x".repeat(40_000));
      rig.leg.respond(1, head, true);
      assertThat(rig.sent())
          .containsExactly("HEADERS 1 end ...", "CONTINUATION 1", "CONTINUATION 1");
    }
  }

  @Test
  void carriesUnknownErrorCodesAsInternalErrors() {
    try (Rig rig = Rig.server()) {
      rig.feed(
          FrameBytes.none().post(1, "/").frame(Frames.RST_STREAM, 0, 1, new byte[] {0, 0, 9, 9}));
      assertThat(rig.events()).last().isEqualTo("reset 1 DOWNSTREAM TRUNCATED");
    }
  }

  @Test
  void limitsTheStreamsThatAClientMayOpen() {
    try (Rig rig = Rig.server("\"max_concurrent_streams\": 2")) {
      rig.feed(FrameBytes.none().get(1, "/").get(3, "/").get(5, "/"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 5 REFUSED_STREAM");
      assertThat(rig.count("stream_refused")).isEqualTo(1);
    }
  }

  @Test
  void announcesAnotherLimitOfStreams_andKeepsTheOldOneUntilItIsAcknowledged() {
    try (Rig rig = Rig.server("\"max_concurrent_streams\": 3")) {
      rig.feed(FrameBytes.none().frame(Frames.SETTINGS, Frames.ACK, 0));
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 1"));
      rig.feed(FrameBytes.none().get(1, "/").get(3, "/"));
      assertThat(rig.sent()).containsExactly("SETTINGS");
      rig.feed(FrameBytes.none().frame(Frames.SETTINGS, Frames.ACK, 0).get(5, "/"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 5 REFUSED_STREAM");
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 9"));
      rig.feed(FrameBytes.none().get(7, "/"));
      assertThat(rig.sent()).containsExactly("SETTINGS");
      assertThat(rig.requests).hasSize(3);
    }
  }

  @Test
  void insistsOnASizeUpdate_onceASmallerTableIsAcknowledged() {
    try (Rig early = Rig.server("\"hpack_table_size\": 100");
        Rig rig = Rig.server("\"hpack_table_size\": 100")) {
      early.feed(FrameBytes.none().get(1, "/"));
      assertThat(early.requests).hasSize(1);
      rig.feed(FrameBytes.none().frame(Frames.SETTINGS, Frames.ACK, 0).get(1, "/"));
      rig.expectConnectionError(ErrorCode.COMPRESSION_ERROR);
    }
  }

  @Test
  void opensNoMoreStreamsThanTheUpstreamAllows() {
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.MAX_CONCURRENT_STREAMS, 2));
      assertThat(rig.leg.vacancies()).isEqualTo(1);
      rig.get();
      assertThat(rig.leg.vacancies()).isZero();
      rig.feed(FrameBytes.none().answer(1, 200, true));
      assertThat(rig.leg.vacancies()).isEqualTo(1);
    }
  }
}
