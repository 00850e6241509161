package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Peers that waste our time and memory (RFC 9113 section 10.5): bounded, and then ended. */
class FloodTest {
  private static final long LITTLE_MEMORY = 512 * 1024;

  private static void expectEnd(Rig rig, String counter, int most, Consumer<Integer> feed) {
    int fed = 0;
    while (!rig.leg.isClosed()) {
      assertThat(fed).as("repetitions of what should be refused").isLessThan(most);
      feed.accept(fed++);
      assertThat(rig.footprint()).isLessThan(LITTLE_MEMORY);
    }
    assertThat(rig.sent()).last().asString().endsWith(" ENHANCE_YOUR_CALM");
    assertThat(rig.count(counter)).isEqualTo(1);
    rig.close();
  }

  @Test
  void endsRapidResets() {
    Rig rig = Rig.server();
    expectEnd(
        rig,
        "rapid_reset",
        300,
        i -> rig.feed(FrameBytes.none().get(2 * i + 1, "/").reset(2 * i + 1, ErrorCode.CANCEL)));
  }

  @Test
  void endsResetsThatTheClientMakesUsSend() {
    Rig rig = Rig.server();
    expectEnd(
        rig,
        "rapid_reset",
        300,
        i -> rig.feed(FrameBytes.none().post(2 * i + 1, "/").window(2 * i + 1, 0)));
  }

  @Test
  void endsMalformedRequestsWithoutNumber() {
    Rig rig = Rig.server();
    expectEnd(
        rig,
        "rapid_reset",
        300,
        i -> rig.feed(FrameBytes.none().get(2 * i + 1, "/", "Upper", "x")));
  }

  @Test
  void toleratesResets_whenMostStreamsComplete() {
    try (Rig rig = Rig.server().answering()) {
      for (int i = 0; i < 2_000; i += 2) {
        rig.feed(
            FrameBytes.none()
                .get(2 * i + 1, "/")
                .post(2 * i + 3, "/")
                .reset(2 * i + 3, ErrorCode.CANCEL));
      }
      rig.assertGoesOn();
    }
  }

  @Test
  void endsContinuationsWithoutNumber() {
    Rig rig = Rig.server();
    rig.feed(FrameBytes.none().frame(Frames.HEADERS, 0, 1, FrameBytes.block(":method", "GET")));
    byte[] part = FrameBytes.block("a", "b");
    expectEnd(
        rig,
        "continuation_flood",
        100,
        i -> rig.feed(FrameBytes.none().frame(Frames.CONTINUATION, 0, 1, part)));
  }

  @Test
  void endsContinuationsWithoutMeasure() {
    Rig rig = Rig.server();
    byte[] part = FrameBytes.block("a", "b".repeat(15_000));
    rig.feed(FrameBytes.none().frame(Frames.HEADERS, 0, 1, part));
    expectEnd(
        rig,
        "continuation_flood",
        20,
        i -> rig.feed(FrameBytes.none().frame(Frames.CONTINUATION, 0, 1, part)));
  }

  @Test
  void endsEmptyFrames() {
    Rig data = Rig.server();
    data.feed(FrameBytes.none().post(1, "/"));
    expectEnd(data, "empty_frames_flood", 5, i -> data.feed(FrameBytes.none().data(1, "", false)));
    Rig parts = Rig.server();
    parts.feed(FrameBytes.none().frame(Frames.HEADERS, 0, 1));
    expectEnd(
        parts,
        "empty_frames_flood",
        5,
        i -> parts.feed(FrameBytes.none().frame(Frames.CONTINUATION, 0, 1)));
  }

  @Test
  void endsSettingsWithoutNumber() {
    Rig rig = Rig.server();
    expectEnd(rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().settings(9, 0)));
  }

  @Test
  void endsPingsWithoutNumber() {
    Rig rig = Rig.server();
    expectEnd(rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().ping(false, i)));
  }

  @Test
  void endsUnknownFramesWithoutNumber() {
    Rig rig = Rig.server();
    expectEnd(rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().frame(99, 0, 0)));
  }

  @Test
  void toleratesPings_whenMessagesPass() {
    try (Rig rig = Rig.server().answering()) {
      for (int i = 0; i < 5_000; i++) {
        rig.feed(FrameBytes.none().get(2 * i + 1, "/").ping(false, i));
      }
      rig.assertGoesOn();
    }
  }

  @Test
  void endsPrioritiesWithoutNumber() {
    Rig rig = Rig.server();
    expectEnd(
        rig,
        "priority_frames_flood",
        200,
        i -> rig.feed(FrameBytes.none().frame(Frames.PRIORITY, 0, 2 * i + 1, new byte[5])));
  }

  @Test
  void endsWindowUpdatesWithoutNumber() {
    Rig rig = Rig.server();
    rig.feed(FrameBytes.none().get(1, "/"));
    expectEnd(
        rig, "window_update_frames_flood", 100, i -> rig.feed(FrameBytes.none().window(0, 1)));
  }

  @Test
  void endsTinyWindows() {
    Rig rig = Rig.server();
    rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 1).get(1, "/"));
    rig.respond(1, 200, false);
    rig.data(1, 100_000, true);
    expectEnd(rig, "outbound_flood", 1_500, i -> rig.feed(FrameBytes.none().window(1, 1)));
  }

  @Test
  void holdsNoMoreThanTheWindows_whenNobodyTakesTheBodies() {
    try (Rig rig = Rig.server("\"initial_stream_window_size\": 65535").withoutCredit()) {
      int windows = 0;
      for (int id = 1; id < 40; id += 2) {
        rig.feed(FrameBytes.none().post(id, "/"));
        for (int left = Frames.FIRST_WINDOW; left > 0; left -= Frames.FIRST_FRAME_SIZE) {
          int length = Math.min(left, Frames.FIRST_FRAME_SIZE);
          rig.feed(FrameBytes.none().frame(Frames.DATA, 0, id, new byte[length]));
        }
        windows += Frames.FIRST_WINDOW;
        assertThat(rig.footprint()).isBetween((long) windows, windows + LITTLE_MEMORY);
      }
      rig.feed(FrameBytes.none().data(1, "x", false));
      rig.expectStreamError(1, ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  /** A body in single bytes, each in a read of its own, that nobody takes. */
  private static void drip(Rig rig, int bytes) {
    byte[] frame = FrameBytes.none().data(1, "x", false).toBytes();
    for (int i = 0; i < bytes; i++) {
      rig.leg.feed(frame);
    }
  }

  @Test
  void keepsABodyOfSingleBytesInFewPieces_whenNobodyTakesIt() {
    Rig server = Rig.server().withoutCredit().feed(FrameBytes.none().post(1, "/"));
    Rig client = Rig.client().withoutCredit().feed(FrameBytes.none().answer(1, 200, false));
    for (Rig rig : List.of(server, client)) {
      drip(rig, 5_000);
      assertThat(rig.pieces()).isLessThan(Bounds.DEFAULTS.waitingPieces() + 20);
      assertThat(rig.footprint()).isLessThan(5_000 + 96_000);
      rig.assertGoesOn();
      rig.close();
    }
  }

  @Test
  void keepsNoneOfTheBuffersThatSingleBytesCameIn() {
    try (Rig rig = Rig.server().withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/").post(3, "/").reset(3, ErrorCode.CANCEL));
      byte[] bulk = new byte[4_000];
      for (int i = 0; i < 30; i++) {
        // What comes for the stream that is gone is dropped; the byte in the same buffer is kept.
        rig.feed(FrameBytes.none().data(1, "x", false).frame(Frames.DATA, 0, 3, bulk));
      }
      assertThat(rig.pieces()).isEqualTo(30);
      assertThat(rig.held()).isLessThan(2L * bulk.length);
    }
  }

  @Test
  void losesNothingOfABodyOfSingleBytes_andHandsItOverWhenItIsTaken() {
    try (Rig rig = Rig.server("\"max_waiting_data_pieces\": 3").withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/"));
      StringBuilder sent = new StringBuilder();
      StringBuilder got = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        char next = (char) ('a' + i);
        sent.append(next);
        rig.feed(FrameBytes.none().data(1, String.valueOf(next), false));
        if (i == 5) {
          rig.leg.swapTo(rig.planOf("\"max_waiting_data_pieces\": 3"));
        }
      }
      assertThat(rig.pieces()).isEqualTo(3);
      while (rig.pieces() > 0) {
        got.append(rig.take());
      }
      assertThat(got).hasToString(sent.toString());
    }
  }

  @Test
  void handsOverWhatItGathers_whenNothingElseHappens() {
    try (Rig rig = Rig.server("\"max_waiting_data_pieces\": 1").withoutCredit()) {
      rig.feed(FrameBytes.none().post(1, "/").data(1, "a", false).data(1, "b", false));
      assertThat(rig.pieces()).isEqualTo(1);
      rig.pass(java.time.Duration.ofSeconds(1));
      assertThat(rig.pieces()).isEqualTo(2);
    }
  }

  @Test
  void handsOverWhatItGathers_beforeTheEndAndBeforeTrailers() {
    try (Rig rig = Rig.server("\"max_waiting_data_pieces\": 1").withoutCredit()) {
      for (int id = 1; id < 5; id += 2) {
        rig.feed(FrameBytes.none().post(id, "/").data(id, "a", false).data(id, "b", false));
      }
      rig.feed(FrameBytes.none().data(1, "c", true).head(3, true, "sum", "x"));
      assertThat(rig.events())
          .containsSubsequence("data 1 bc end", "data 3 b", "trailers 3 {sum: x} end");
    }
  }

  @Test
  void toleratesABodyOfSingleBytes_whenItIsTaken() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().post(1, "/"));
      drip(rig, 5_000);
      assertThat(rig.footprint()).isLessThan(16 * 1024);
      rig.assertGoesOn();
    }
  }

  @Test
  void makesUpForNothing_withBytesThatNobodyTakes() {
    Rig rig = Rig.server().withoutCredit();
    rig.feed(FrameBytes.none().post(1, "/").data(1, "x", false));
    expectEnd(
        rig,
        "control_flood",
        1_500,
        i -> rig.feed(FrameBytes.none().data(1, "x", false).ping(false, i)));
  }

  @Test
  void holdsInProportion_whenTheAnswerComesInSingleBytes() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0).get(1, "/"));
      rig.respond(1, 200, false);
      for (int i = 0; i < 50_000; i++) {
        rig.data(1, 1, false);
      }
      assertThat(rig.footprint()).isLessThan(2 * 50_000 + 16 * 1024);
      assertThat(rig.state().streams.get(1).queue.count()).isLessThan(10);
    }
  }

  @Test
  void endsDataForStreamsThatAreGone() {
    Rig rig = Rig.server();
    rig.feed(FrameBytes.none().post(1, "/"));
    rig.respond(1, 200, true);
    // Each brings a byte, so none of them is empty; but nobody wants them.
    expectEnd(rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().data(1, "x", false)));
  }

  @Test
  void endsAClientThatNeverReads_byBytes() {
    int most = 1 << 20;
    Rig rig = Rig.server("\"max_outbound_bytes\": " + most);
    FrameBytes wide = FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 1 << 30);
    rig.feed(wide.window(0, 1 << 30));
    rig.leg.recording().congested(true);
    int stream = 1;
    while (!rig.leg.isClosed()) {
      rig.feed(FrameBytes.none().get(stream, "/"));
      rig.respond(stream, 200, false);
      rig.data(stream, 16_384, true);
      assertThat(stream += 2).isLessThan(200);
    }
    assertThat(rig.leg.recording().output().length).isLessThan(most + 40_000);
    assertThat(rig.count("outbound_flood")).isEqualTo(1);
    rig.close();
  }

  @Test
  void endsAClientThatNeverReadsAndNeverSpeaksAgain() {
    Rig rig = Rig.server("\"max_outbound_bytes\": 65536");
    FrameBytes wide = FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 1 << 30);
    rig.feed(wide.window(0, 1 << 30).get(1, "/"));
    rig.leg.recording().congested(true);
    rig.respond(1, 200, false);
    rig.data(1, 100_000, false);
    rig.pass(java.time.Duration.ZERO);
    assertThat(rig.leg.isClosed()).isTrue();
    assertThat(rig.count("outbound_flood")).isEqualTo(1);
    rig.close();
  }

  @Test
  void takesManyLateFrames_whenManyStreamsWereReset() {
    try (Rig rig = Rig.client("\"max_concurrent_streams\": 1024")) {
      rig.feed(FrameBytes.none().settings(PeerSettings.MAX_CONCURRENT_STREAMS, 1024));
      for (int i = 1; i < 1000; i++) {
        rig.get();
      }
      FrameBytes late = FrameBytes.none();
      for (int id = 1; id < 2000; id += 2) {
        rig.leg.reset(id, Reset.byDownstream(Reset.Reason.CANCELLED, "gone"));
        late.answer(id, 200, false).data(id, "late", false).data(id, "late", true);
      }
      rig.feed(late);
      rig.assertGoesOn();
      assertThat(rig.sent()).doesNotContain("RST_STREAM 1 STREAM_CLOSED");
    }
  }

  @Test
  void boundsAHeadThatExpandsItself() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().headInParts(1, true, 16_000, bomb(40)));
      assertThat(rig.sent()).contains("HEADERS 1 end 431");
      assertThat(rig.footprint()).isLessThan(LITTLE_MEMORY);
      rig.feed(FrameBytes.none().get(3, "/"));
      assertThat(rig.events()).last().asString().startsWith("request 3");
    }
  }

  /** A field that the table takes, and its index again and again. */
  private static String[] bomb(int repetitions) {
    String[] bomb = new String[2 * (repetitions + 1)];
    Arrays.fill(bomb, "");
    bomb[0] = "+a";
    bomb[1] = "x".repeat(3_900);
    for (int i = 2; i < bomb.length; i += 2) {
      bomb[i] = "#62";
    }
    return bomb;
  }

  @Test
  void endsAHeadThatExpandsItselfBeyondMeasure() {
    for (Rig rig : List.of(Rig.server(), Rig.client())) {
      rig.feed(FrameBytes.none().headInParts(1, true, 16_000, bomb(8_000)));
      rig.expectConnectionError(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(rig.count("head_flood")).isEqualTo(1);
      assertThat(rig.footprint()).isLessThan(LITTLE_MEMORY);
      rig.close();
    }
  }

  @Test
  void endsHeadsThatExpandThemselvesAgainAndAgain() {
    Rig rig = Rig.server();
    expectEnd(
        rig,
        "rapid_reset",
        300,
        i -> rig.feed(FrameBytes.none().headInParts(2 * i + 1, true, 16_000, bomb(40))));
  }

  @Test
  void endsAnUpstreamsControlFramesWithoutNumber() {
    for (byte[] frame :
        List.of(
            FrameBytes.none().settings(9, 0).toBytes(),
            FrameBytes.none().ping(false, 1).toBytes(),
            FrameBytes.none().frame(99, 0, 0).toBytes(),
            FrameBytes.none().goaway(Frames.MAX_STREAM, ErrorCode.NO_ERROR).toBytes())) {
      Rig rig = Rig.client();
      expectEnd(rig, "control_flood", 1_500, i -> rig.leg.feed(frame));
    }
  }

  @Test
  void endsAnUpstreamsWindowUpdatesWithoutNumber() {
    Rig rig = Rig.client();
    expectEnd(
        rig, "window_update_frames_flood", 100, i -> rig.feed(FrameBytes.none().window(0, 1)));
  }

  @Test
  void endsAnUpstreamsPrioritiesWithoutNumber() {
    Rig rig = Rig.client();
    expectEnd(
        rig,
        "priority_frames_flood",
        300,
        i -> rig.feed(FrameBytes.none().frame(Frames.PRIORITY, 0, 1, new byte[5])));
  }

  @Test
  void endsAnUpstreamsContinuationsWithoutNumberOrMeasure() {
    for (int size : new int[] {1, 15_000}) {
      Rig rig = Rig.client();
      byte[] part = FrameBytes.block("a", "b".repeat(size));
      rig.feed(FrameBytes.none().frame(Frames.HEADERS, 0, 1, part));
      expectEnd(
          rig,
          "continuation_flood",
          100,
          i -> rig.feed(FrameBytes.none().frame(Frames.CONTINUATION, 0, 1, part)));
    }
  }

  @Test
  void endsAnUpstreamsEmptyFrames() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().answer(1, 200, false));
    expectEnd(rig, "empty_frames_flood", 5, i -> rig.feed(FrameBytes.none().data(1, "", false)));
  }

  @Test
  void endsAnUpstreamsResetsOfStreamsThatAreGone() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
    expectEnd(
        rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL)));
  }

  @Test
  void endsAnUpstreamsAnswersOnStreamsThatAreGone() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().answer(1, 200, true));
    expectEnd(rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().answer(1, 200, true)));
  }

  @Test
  void endsAnUpstreamThatResetsWhatWasNeverAsked() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().reset(3, ErrorCode.CANCEL));
    rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    rig.close();
  }
}
