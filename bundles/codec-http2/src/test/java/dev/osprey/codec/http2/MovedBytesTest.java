package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** How much a swap has to carry, and how often it copies it. */
class MovedBytesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final String SAME = "\"max_concurrent_streams\": 100";
  private static final int STREAMS = 100;
  private static final int BODY = 256 * 1024;
  private static final int LITTLE = 64 * 1024;

  private static long moveAndCount(Rig rig) {
    var next = rig.planOf(SAME);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    rig.leg.swapTo(next);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void leavesWhatWaitsForWindows_orCopiesItOnce() {
    try (Rig rig = Rig.server(SAME)) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0));
      for (int id = 1; id < 2 * STREAMS; id += 2) {
        rig.feed(FrameBytes.none().get(id, "/"));
        rig.respond(id, 200, false);
        for (int at = 0; at < BODY; at += Frames.FIRST_FRAME_SIZE) {
          rig.data(id, Frames.FIRST_FRAME_SIZE, false);
        }
      }
      long held = rig.held();
      long whenLeft = moveAndCount(rig);
      assertThat(rig.moved()).isLessThan(LITTLE);
      assertThat(whenLeft).isLessThan(8L * LITTLE);
      assertThat(rig.held()).isEqualTo(held);

      // Every other swap of the test kit takes no buffers.
      long allocated = moveAndCount(rig);

      assertThat(rig.moved()).isBetween(STREAMS * BODY, STREAMS * BODY + LITTLE);
      assertThat(allocated).isLessThan(rig.moved() + 8L * LITTLE);
      // Nothing of it is lost.
      rig.skip();
      rig.feed(FrameBytes.none().window(0, 1 << 30).window(1, BODY));
      assertThat(rig.sent()).hasSize(BODY / Frames.FIRST_FRAME_SIZE);
    }
  }

  @Test
  void carriesNoMoreThanASmallPieceOfEachBody_thatTheReceiverDoesNotTake() {
    try (Rig rig = Rig.server(SAME).withoutCredit()) {
      for (int id = 1; id < 2 * 10; id += 2) {
        rig.feed(FrameBytes.none().post(id, "/"));
        for (int i = 0; i < 1_000; i++) {
          rig.feed(FrameBytes.none().data(id, "xyz", false));
        }
      }
      var _ = moveAndCount(rig);
      var _ = moveAndCount(rig);
      assertThat(rig.moved()).isLessThan(10 * (BodyQueue.SMALL + 64) + 4096);
    }
  }
}
