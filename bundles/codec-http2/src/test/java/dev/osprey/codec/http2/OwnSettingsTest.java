package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What open connections are told when the configuration changes (RFC 9113 sections 6.5, 6.9.2). */
class OwnSettingsTest {
  private static final int SMALL = 65_535;
  private static final String SMALLER = "\"initial_stream_window_size\": " + SMALL;
  private static final String SAME = "\"max_concurrent_streams\": 100";

  /** The pairs of number and value of the SETTINGS that were sent behind the first ones. */
  private static List<String> news(Rig rig) {
    List<String> pairs = new ArrayList<>();
    List<WrittenFrame> all = WrittenFrame.of(rig.leg.recording().output());
    for (WrittenFrame frame : all.subList(1, all.size())) {
      for (int at = 0; frame.type() == Frames.SETTINGS && at < frame.length(); at += 6) {
        int number = frame.number(at) >>> 16;
        pairs.add(number + "=" + frame.number(at + 2));
      }
    }
    return pairs;
  }

  private static FrameBytes ack() {
    return FrameBytes.none().frame(Frames.SETTINGS, Frames.ACK, 0);
  }

  private static FrameBytes body(int stream, int bytes) {
    FrameBytes all = FrameBytes.none();
    for (int left = bytes; left > 0; left -= Frames.FIRST_FRAME_SIZE) {
      all.data(stream, "x".repeat(Math.min(left, Frames.FIRST_FRAME_SIZE)), false);
    }
    return all;
  }

  /** A client that has acknowledged the first settings and uploads on stream 1. */
  private static Rig uploading(String config) {
    Rig rig = Rig.server(config).feed(ack());
    rig.feed(FrameBytes.none().post(1, "/"));
    return rig;
  }

  @Test
  void announcesAnotherLimitOfHeads() {
    for (Rig rig : List.of(Rig.server(), Rig.client())) {
      rig.feed(ack());
      rig.leg.swapTo(rig.planOf("\"max_head_bytes\": 1000"));
      rig.assertGoesOn();
      rig.assertGoesOn();
      assertThat(news(rig)).containsExactly("6=1000");
      rig.leg.swapTo(rig.planOf(SAME));
      rig.assertGoesOn();
      assertThat(news(rig)).containsExactly("6=1000", "6=61440");
      rig.close();
    }
  }

  @Test
  void saysAllThatChangesAtOnce_andNothingWhenNothingDoes() {
    try (Rig rig = Rig.server()) {
      rig.leg.swapTo(rig.planOf(SAME));
      rig.assertGoesOn();
      assertThat(news(rig)).isEmpty();
      String all = SMALLER + ", \"allow_connect\": true, \"max_head_bytes\": 500";
      rig.leg.swapTo(rig.planOf(all + ", \"max_concurrent_streams\": 7"));
      rig.assertGoesOn();
      assertThat(news(rig)).containsExactly("3=7", "8=1", "4=65535", "6=500");
    }
  }

  @Test
  void makesWindowsLarger_atOnce() {
    try (Rig rig = uploading(SMALLER).withoutCredit()) {
      rig.feed(body(1, SMALL));
      rig.leg.swapTo(rig.planOf("\"initial_stream_window_size\": 100000"));
      rig.assertGoesOn();
      assertThat(news(rig)).containsExactly("4=100000");
      // Whoever acknowledges a little late is no offender.
      rig.feed(body(1, 34_000)).feed(ack()).feed(body(1, 465));
      rig.assertGoesOn();
      rig.feed(FrameBytes.none().post(3, "/")).feed(body(3, 100_000));
      rig.assertGoesOn();
      rig.feed(body(1, 1)).feed(body(3, 1));
      assertThat(rig.sent())
          .contains("RST_STREAM 1 FLOW_CONTROL_ERROR", "RST_STREAM 3 FLOW_CONTROL_ERROR");
    }
  }

  @Test
  void makesWindowsSmaller_onceThatIsAcknowledged() {
    try (Rig rig = uploading("").withoutCredit()) {
      rig.feed(FrameBytes.none().post(3, "/"));
      rig.leg.swapTo(rig.planOf(SMALLER));
      rig.feed(body(1, 100_000)).feed(body(3, 100_000));
      assertThat(news(rig)).containsExactly("4=65535");
      rig.leg.swapTo(rig.planOf(SMALLER));
      rig.feed(ack());
      assertThat(rig.state().streams.get(1).receiveWindow).isEqualTo(SMALL - 100_000);
      // An end needs no window, whatever it has become.
      rig.feed(FrameBytes.none().data(3, "", true));
      assertThat(rig.events()).last().isEqualTo("data 3 end");
      rig.feed(body(1, 1));
      rig.expectStreamError(1, ErrorCode.FLOW_CONTROL_ERROR);
      rig.feed(FrameBytes.none().post(5, "/")).feed(body(5, SMALL));
      rig.assertGoesOn();
      rig.feed(body(5, 1));
      rig.expectStreamError(5, ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void givesCreditThatWasTooLittleToTell_whenWindowsBecomeSmaller() {
    try (Rig rig = uploading("")) {
      rig.feed(body(1, 100_000));
      assertThat(rig.sent()).isEmpty();
      rig.leg.swapTo(rig.planOf(SMALLER));
      rig.feed(FrameBytes.none().ping(false, 1));
      assertThat(rig.sent()).containsExactly("SETTINGS", "PING ack");
      rig.feed(ack());
      assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 1 100000");
      rig.feed(body(1, SMALL));
      rig.assertGoesOn();
    }
  }

  @Test
  void toleratesTheLargestOfAllThatIsNotAcknowledged() {
    try (Rig rig = uploading("").withoutCredit()) {
      for (int window : new int[] {SMALL, 200_000, 80_000}) {
        rig.leg.swapTo(rig.planOf("\"initial_stream_window_size\": " + window));
        rig.assertGoesOn();
      }
      assertThat(news(rig)).containsExactly("4=65535", "4=200000", "4=80000");
      rig.feed(body(1, 200_000)).feed(ack()).feed(ack());
      rig.assertGoesOn();
      rig.feed(ack());
      assertThat(rig.state().streams.get(1).receiveWindow).isEqualTo(80_000 - 200_000);
      rig.feed(body(1, 1));
      rig.expectStreamError(1, ErrorCode.FLOW_CONTROL_ERROR);
    }
  }

  @Test
  void tellsUpstreamsOfWindowsToo() {
    try (Rig rig = Rig.client("").withoutCredit()) {
      rig.feed(ack()).feed(FrameBytes.none().answer(1, 200, false));
      rig.leg.swapTo(rig.planOf(SMALLER + ", \"max_concurrent_streams\": 5"));
      rig.assertGoesOn();
      assertThat(news(rig)).containsExactly("4=65535");
      rig.feed(ack()).feed(body(1, SMALL));
      rig.assertGoesOn();
      rig.feed(body(1, 1));
      rig.expectStreamError(1, ErrorCode.FLOW_CONTROL_ERROR);
    }
  }
}
