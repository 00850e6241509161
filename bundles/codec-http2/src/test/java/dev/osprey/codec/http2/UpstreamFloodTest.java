package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Upstreams that waste our time and memory (RFC 9113 section 10.5): bounded as clients are. */
class UpstreamFloodTest {
  @Test
  void endsAnUpstreamsControlFramesWithoutNumber() {
    for (byte[] frame :
        List.of(
            FrameBytes.none().settings(9, 0).toBytes(),
            FrameBytes.none().ping(false, 1).toBytes(),
            FrameBytes.none().frame(99, 0, 0).toBytes(),
            FrameBytes.none().goaway(Frames.MAX_STREAM, ErrorCode.NO_ERROR).toBytes())) {
      Rig rig = Rig.client();
      FloodTest.expectEnd(rig, "control_flood", 1_500, i -> rig.leg.feed(frame));
    }
  }

  @Test
  void endsAnUpstreamsWindowUpdatesWithoutNumber() {
    Rig rig = Rig.client();
    FloodTest.expectEnd(
        rig, "window_update_frames_flood", 100, i -> rig.feed(FrameBytes.none().window(0, 1)));
  }

  @Test
  void endsAnUpstreamsPrioritiesWithoutNumber() {
    Rig rig = Rig.client();
    FloodTest.expectEnd(
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
      FloodTest.expectEnd(
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
    FloodTest.expectEnd(
        rig, "empty_frames_flood", 5, i -> rig.feed(FrameBytes.none().data(1, "", false)));
  }

  @Test
  void toleratesAnUpstreamsAnswersWithAnEmptyFrameEach() {
    try (Rig rig = Rig.client()) {
      for (int id = 3; id < 20; id += 2) {
        rig.get();
      }
      for (int id = 1; id < 20; id += 2) {
        rig.feed(FrameBytes.none().answer(id, 200, false).data(id, "", false));
        rig.feed(FrameBytes.none().head(id, true, "sum", "x"));
      }
      rig.assertGoesOn();
      assertThat(rig.events()).last().isEqualTo("trailers 19 {sum: x} end");
    }
  }

  @Test
  void endsAnUpstreamsResetsOfStreamsThatAreGone() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL));
    FloodTest.expectEnd(
        rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().reset(1, ErrorCode.CANCEL)));
  }

  @Test
  void endsAnUpstreamsAnswersOnStreamsThatAreGone() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().answer(1, 200, true));
    FloodTest.expectEnd(
        rig, "control_flood", 1_500, i -> rig.feed(FrameBytes.none().answer(1, 200, true)));
  }

  @Test
  void endsAnUpstreamThatResetsWhatWasNeverAsked() {
    Rig rig = Rig.client();
    rig.feed(FrameBytes.none().reset(3, ErrorCode.CANCEL));
    rig.expectConnectionError(ErrorCode.PROTOCOL_ERROR);
    rig.close();
  }
}
