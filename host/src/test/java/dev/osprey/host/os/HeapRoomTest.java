package dev.osprey.host.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapRoomTest {
  private static final long MIB = 1 << 20;
  private static final long SECOND = 1_000_000_000L;

  private final Heap heap = new Heap();
  private long now;
  private final HeapRoom room = new HeapRoom(heap, now);

  @Test
  void staysAsItWasStarted_whileLittleLivesAndLittleIsAllocated() {
    runs(300, 0.1, 14 * MIB);

    assertThat(heap.limits).isEmpty();
  }

  @Test
  void whatLivesIsNotAskedToGoAway() {
    runs(4, 0.25, 60 * MIB);

    assertThat(heap.limits).containsExactly(84 * MIB);
  }

  @Test
  void betweenTwoCyclesGarbageIsNotTakenForWhatLives() {
    runs(120, 0, 38 * MIB);

    assertThat(heap.limits).isEmpty();
  }

  @Test
  void aCollectorThatIsBusyGetsMoreRoom_andGivesItBackAfterwards() {
    runs(8, 4, 14 * MIB);
    assertThat(heap.limits).containsExactly(62 * MIB, 110 * MIB, 142 * MIB);

    runs(600, 0.1, 14 * MIB);
    assertThat(heap.limits.getLast()).isEqualTo(40 * MIB);
  }

  @Test
  void neverAsksForMoreThanThereIs() {
    runs(600, 9, 200 * MIB);

    assertThat(heap.limits.getLast()).isEqualTo(heap.most());
    assertThat(heap.limits).allMatch(limit -> limit <= heap.most());
  }

  private void runs(int seconds, double cyclesASecond, long leastUsed) {
    double cycles = heap.cycles;
    for (int second = 0; second < seconds; second++) {
      now += SECOND;
      cycles += cyclesASecond;
      heap.cycles = Math.round(cycles);
      heap.used = leastUsed + second % 2 * MIB;
      room.look(now);
    }
  }

  private static final class Heap implements HeapRoom.Jvm {
    private final List<Long> limits = new ArrayList<>();
    private long used;
    private long cycles;

    @Override
    public long used() {
      return used;
    }

    @Override
    public long most() {
      return 256 * MIB;
    }

    @Override
    public long cycles() {
      return cycles;
    }

    @Override
    public long limit() {
      return 40 * MIB;
    }

    @Override
    public void collectBelow(long limit) {
      limits.add(limit);
    }
  }
}
