package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies that nobody takes, in frames of any size: held in proportion, and lost in no part. */
class UntakenBodiesTest {
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
        assertThat(rig.footprint()).isBetween((long) windows, windows + FloodTest.LITTLE_MEMORY);
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
}
