package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.message.Reset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The states of streams and the end of connections, in both roles (RFC 9113 sections 5 to 8). */
class StreamRulesTest {
  private static final Reset REFUSED =
      Reset.byUpstream(Reset.Reason.REFUSED, "not processed").asRetryable();

  private static void expectClientsConnectionError(FrameBytes bytes) {
    try (Rig rig = Rig.client()) {
      rig.feed(bytes);
      rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void refusesFramesOfStreamsThatItNeverOpened() {
    expectClientsConnectionError(FrameBytes.none().answer(3, 200, true));
    expectClientsConnectionError(FrameBytes.none().data(3, "x", true));
    expectClientsConnectionError(FrameBytes.none().window(3, 1));
    expectClientsConnectionError(FrameBytes.none().reset(3, ErrorCode.CANCEL));
  }

  @Test
  void refusesStreamsThatAServerOpens() {
    expectClientsConnectionError(FrameBytes.none().answer(2, 200, true));
    expectClientsConnectionError(FrameBytes.none().data(2, "x", true));
  }

  @Test
  void refusesStreamsThatWereSkippedOrUsedBefore() {
    for (int number : new int[] {3, 5}) {
      try (Rig rig = Rig.server().answering()) {
        rig.feed(FrameBytes.none().get(5, "/").get(number, "/"));
        rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
        assertThat(rig.requests).hasSize(1);
      }
    }
  }

  @Test
  void sendsNothingOnAStreamThatThePeerHasReset() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 5).get(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 20, true);
      rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
      rig.skip();
      rig.feed(FrameBytes.none().window(1, 100).settings(PeerSettings.INITIAL_WINDOW_SIZE, 100));
      assertThat(rig.sent()).containsExactly("SETTINGS ack");
      assertThat(rig.held()).isZero();
    }
  }

  @Test
  void answersNoResetWithAReset() {
    try (Rig server = Rig.server();
        Rig client = Rig.client()) {
      server.feed(FrameBytes.none().post(1, "/").reset(1, ErrorCode.CANCEL));
      server.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
      assertThat(server.sent()).isEmpty();
      client.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL).reset(1, ErrorCode.CANCEL));
      assertThat(client.sent()).isEmpty();
    }
  }

  @Test
  void reportsTheConnectionsError_whenAFrameHasTwo() {
    try (Rig rig = Rig.server()) {
      byte[] tooMuchPadding = {9, 0, 0};
      rig.feed(FrameBytes.none().get(1, "/").frame(Frames.DATA, Frames.PADDED, 1, tooMuchPadding));
      assertThat(rig.sent()).containsExactly("GOAWAY 1 PROTOCOL_ERROR");
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }

  @Test
  void readsOn_whenNothingCanBeWritten() {
    try (Rig rig = Rig.server().withoutCredit()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0).post(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 10, true);
      rig.leg.recording().congested(true);
      rig.skip();
      rig.feed(FrameBytes.none().data(1, "x".repeat(1000), false).ping(false, 1));
      assertThat(rig.leg.unreadBytes()).isZero();
      assertThat(rig.sent()).containsExactly("PING ack");
      rig.feed(FrameBytes.none().window(1, 10));
      assertThat(rig.sent()).contains("DATA 1 10 end");
    }
  }

  @Test
  void keepsTablesAndWindows_beyondItsGoodbye() {
    try (Rig rig = Rig.server("\"initial_connection_window_size\": 65535")) {
      rig.feed(FrameBytes.none().post(1, "/"));
      rig.leg.goodbye();
      rig.feed(FrameBytes.none().ping(true, Goodbyes.DRAIN_PING));
      rig.skip();
      rig.feed(FrameBytes.none().post(3, "/", "+late", "entry"));
      rig.feed(FrameBytes.none().data(3, "x".repeat(16_384), false));
      rig.feed(FrameBytes.none().data(3, "x".repeat(16_384), false));
      assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 0 32768");
      assertThat(rig.requests).hasSize(1);
      rig.feed(FrameBytes.none().head(1, true, "#62", ""));
      assertThat(rig.events().toString()).contains("late: entry");
    }
  }

  @Test
  void opensNothingBehindAGoodbye() {
    try (Rig rig = Rig.client()) {
      assertThat(rig.leg.vacancies()).isPositive();
      rig.feed(FrameBytes.none().goaway(1, ErrorCode.NO_ERROR));
      assertThat(rig.leg.vacancies()).isZero();
    }
  }

  @Test
  void ignoresTheDebugDataAndUnknownCodesOfAGoodbye() {
    try (Rig rig = Rig.client()) {
      byte[] payload = new byte[8 + 6];
      payload[3] = 1;
      payload[6] = 99;
      System.arraycopy(Bytes.of("secret"), 0, payload, 8, 6);
      rig.feed(FrameBytes.none().frame(Frames.GOAWAY, 0, 0, payload));
      assertThat(rig.events()).contains("goodbye").noneMatch(it -> it.contains("secret"));
      rig.feed(FrameBytes.none().answer(1, 200, true));
      assertThat(rig.events()).contains("response 1 200 length=0 end");
    }
  }

  @Test
  void keepsAnAnswer_whenItsUploadIsNotWanted() {
    try (Rig rig = Rig.client()) {
      int stream = rig.post();
      rig.feed(
          FrameBytes.none()
              .answer(stream, 413, false)
              .data(stream, "too large", true)
              .reset(stream, ErrorCode.NO_ERROR));
      assertThat(rig.events())
          .containsSubsequence("response " + stream + " 413", "data " + stream + " too large end");
      rig.assertGoesOn();
    }
  }

  @Test
  void saysRefusedOnlyWhileItHasNotAnswered() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/").get(3, "/"));
      rig.leg.reset(1, REFUSED);
      rig.respond(3, 200, false);
      rig.leg.reset(3, REFUSED);
      assertThat(rig.sent())
          .containsExactly(
              "RST_STREAM 1 REFUSED_STREAM", "HEADERS 3 200", "RST_STREAM 3 INTERNAL_ERROR");
    }
  }

  @Test
  void sendsNoTrailersInATunnel() {
    try (Rig rig = Rig.server("\"allow_connect\": true")) {
      rig.feed(TunnelTest.connect(1, "websocket", false));
      TunnelTest.accept(rig);
      rig.skip();
      dev.osprey.spi.message.Fields trailers = new dev.osprey.spi.message.Fields();
      trailers.add("a", "b");
      rig.leg.trailers(1, trailers);
      assertThat(rig.sent()).isEqualTo(List.of("DATA 1 0 end"));
    }
  }

  @Test
  void tellsTheHostOfTheEndOfARefusedRequest_whoseAnswerAFilterHolds() {
    try (Rig rig = Rig.server().holdingAnswers()) {
      rig.feed(FrameBytes.none().get(1, "/", "Upper", "x"));
      rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
      assertThat(rig.events()).last().asString().startsWith("reset 1").contains("CANCELLED");
      rig.feed(FrameBytes.none().get(3, "/", "Upper", "x").window(3, 0));
      assertThat(rig.events()).last().asString().startsWith("reset 3");
      rig.feed(FrameBytes.none().get(5, "/", "Upper", "x"));
      rig.leg.end();
      assertThat(rig.events()).anyMatch(it -> it.startsWith("reset 5"));
    }
  }
}
