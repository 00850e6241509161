package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Peers that waste our time and memory (RFC 9113 section 10.5): bounded, and then ended. */
class FloodTest {
  static final long LITTLE_MEMORY = 512 * 1024;
  private static final String SAME = "\"max_concurrent_streams\": 100";

  static void expectEnd(Rig rig, String counter, int most, Consumer<Integer> feed) {
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
  void endsEmptyFrames_whateverStoodBetweenOthers() {
    Rig rig = Rig.server();
    rig.feed(FrameBytes.none().post(1, "/").post(3, "/").data(1, "", false));
    rig.feed(FrameBytes.none().head(1, true, "sum", "x").data(3, "", false));
    expectEnd(rig, "empty_frames_flood", 2, i -> rig.feed(FrameBytes.none().data(3, "", false)));
  }

  @Test
  void toleratesUploadsWithAnEmptyFrameEach() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().post(1, "/").post(3, "/").post(5, "/"));
      for (int id = 1; id < 6; id += 2) {
        rig.feed(FrameBytes.none().data(id, "", false).headInParts(id, true, 3, "sum", "x"));
      }
      rig.assertGoesOn();
      assertThat(rig.events().toString()).contains("trailers 5 {sum: x} end");
    }
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
    expectEnd(rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().window(1, 1)));
    assertThat(rig.count("outbound_flood")).isZero();
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

  /** A client that reads nothing more and asks again and again. */
  private static int fedUntilTheEnd(Rig rig, Consumer<Integer> feed) {
    rig.leg.recording().congested(true);
    int fed = 0;
    while (!rig.leg.isClosed()) {
      assertThat(fed).isLessThan(200);
      feed.accept(fed++);
    }
    assertThat(rig.sent()).last().asString().endsWith(" ENHANCE_YOUR_CALM");
    assertThat(rig.count("outbound_flood")).isEqualTo(1);
    rig.close();
    return fed;
  }

  @Test
  void endsAClientThatNeverReads_byFrames() {
    Rig rig = Rig.server("\"max_outbound_frames\": 50").answering();
    int fed = fedUntilTheEnd(rig, i -> rig.feed(FrameBytes.none().get(2 * i + 1, "/")));
    // The one too many is written, and the next thing that comes is not read.
    assertThat(fed).isEqualTo(50 + 2);
  }

  @Test
  void endsAClientThatNeverReads_byControlFrames() {
    Rig rig = Rig.server("\"max_outbound_control_frames\": 50");
    int fed = fedUntilTheEnd(rig, i -> rig.feed(FrameBytes.none().ping(false, i)));
    assertThat(fed).isEqualTo(50 + 2);
  }

  @Test
  void countsNoFramesThatTheClientReads() {
    try (Rig rig =
        Rig.server("\"max_outbound_frames\": 50, \"max_outbound_control_frames\": 5").answering()) {
      for (int i = 0; i < 200; i++) {
        rig.leg.recording().congested(i % 5 != 0);
        rig.feed(FrameBytes.none().ping(false, i).get(2 * i + 1, "/"));
      }
      assertThat(rig.leg.isClosed()).isFalse();
      assertThat(rig.sent()).contains("HEADERS 399 end 200");
    }
  }

  /** With what time makes up for on a slow machine, but less than a count from nothing takes. */
  @Test
  void countsGoOnThroughASwap() {
    Rig resets = Rig.server();
    Consumer<Integer> reset =
        i -> resets.feed(FrameBytes.none().get(2 * i + 1, "/").reset(2 * i + 1, ErrorCode.CANCEL));
    for (int i = 0; i < 150; i++) {
      reset.accept(i);
    }
    resets.leg.swapTo(resets.planOf(SAME));
    expectEnd(resets, "rapid_reset", 150, i -> reset.accept(150 + i));

    Rig pings = Rig.server();
    for (int i = 0; i < 900; i++) {
      pings.feed(FrameBytes.none().ping(false, i));
    }
    pings.leg.swapTo(pings.planOf(SAME));
    expectEnd(pings, "control_flood", 900, i -> pings.feed(FrameBytes.none().ping(false, i)));
  }

  @Test
  void countsWhatIsNotReadThroughASwap() {
    String few = "\"max_outbound_frames\": 50";
    Rig rig = Rig.server(few).answering();
    int fed =
        fedUntilTheEnd(
            rig,
            i -> {
              if (i == 40) {
                rig.leg.swapTo(rig.planOf(few));
              }
              rig.feed(FrameBytes.none().get(2 * i + 1, "/"));
            });
    assertThat(fed).isEqualTo(50 + 2);
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

  /** A GET whose head is just below the limit, of a field that is in the table: 30 bytes. */
  private static FrameBytes largeGet(int stream) {
    String[] names = new String[2 * 15];
    Arrays.fill(names, "");
    for (int i = 0; i < names.length; i += 2) {
      names[i] = "#62";
    }
    return FrameBytes.none().get(stream, "/", names);
  }

  /** A client that takes no answer and has the large field in the table. */
  private static Rig withoutWindow(String config) {
    Rig rig = Rig.server(config);
    rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0));
    rig.feed(FrameBytes.none().get(1, "/", "+a", "x".repeat(3_900)));
    answer(rig, 1);
    return rig;
  }

  private static void answer(Rig rig, int stream) {
    rig.respond(stream, 200, false);
    rig.data(stream, 1, true);
  }

  @Test
  void boundsHeadsJustBelowTheLimit_onAllStreams() {
    try (Rig rig = withoutWindow("\"max_concurrent_streams\": 100")) {
      for (int id = 3; id < 200; id += 2) {
        rig.feed(largeGet(id));
        answer(rig, id);
        assertThat(rig.footprint()).isLessThan(LITTLE_MEMORY);
      }
      assertThat(rig.state().streams.size()).isEqualTo(100);
      assertThat(rig.state().headBytes).isZero();
      assertThat(rig.sent()).contains("HEADERS 199 200").doesNotContain("HEADERS 199 431");
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 1));
      assertThat(rig.sent()).contains("DATA 1 1 end", "DATA 199 1 end");
    }
  }

  @Test
  void boundsHeadsThatNobodyHasAnswered_alsoAfterASwap() {
    String bound = "\"max_open_head_bytes\": 300000";
    try (Rig rig = withoutWindow(bound)) {
      for (int id = 3; id < 201; id += 2) {
        rig.feed(largeGet(id));
        if (id == 51) {
          rig.leg.swapTo(rig.planOf(bound));
        }
      }
      assertThat(rig.state().streams.size()).isEqualTo(1 + 6);
      assertThat(rig.footprint()).isLessThan(LITTLE_MEMORY);
      assertThat(rig.sent())
          .contains("RST_STREAM 15 REFUSED_STREAM", "RST_STREAM 199 REFUSED_STREAM");
      assertThat(rig.count("open_heads_overflow")).isEqualTo(99 - 6);
      assertThat(rig.count("stream_refused")).isEqualTo(99 - 6);
      // What is answered makes room, whether its answer has left or not.
      answer(rig, 3);
      rig.respond(5, 200, true);
      rig.feed(largeGet(201)).feed(largeGet(203)).feed(largeGet(205));
      assertThat(rig.events().toString()).contains("request 201", "request 203");
      assertThat(rig.sent()).containsOnlyOnce("RST_STREAM 205 REFUSED_STREAM");
      rig.feed(FrameBytes.none().reset(7, ErrorCode.CANCEL));
      rig.feed(largeGet(207));
      assertThat(rig.events()).last().asString().startsWith("request 207");
    }
  }

  @Test
  void holdsTheHeadOfAnAnsweredUpload_untilTheHostIsDoneWithIt() {
    try (Rig rig = withoutWindow("")) {
      rig.feed(FrameBytes.none().post(3, "/", "#62", "", "content-type", "application/grpc"));
      answer(rig, 3);
      assertThat(rig.state().headBytes).isGreaterThan(3_900);
      rig.feed(FrameBytes.none().data(3, "x", true));
      assertThat(rig.state().headBytes).isZero();
      assertThat(rig.state().streams.get(3).isGrpc()).isTrue();
    }
  }

  @Test
  void takesOneHeadOfAnySizeThatIsAllowed() {
    try (Rig rig = withoutWindow("\"max_open_head_bytes\": 1024").answering()) {
      for (int id = 3; id < 9; id += 2) {
        rig.feed(largeGet(id));
      }
      assertThat(rig.sent()).contains("HEADERS 3 end 200", "HEADERS 7 end 200");
    }
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
}
