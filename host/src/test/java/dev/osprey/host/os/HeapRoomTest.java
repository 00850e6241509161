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
  void aCollectorThatIsBusyGetsMoreRoom() {
    runs(8, 4, 14 * MIB);

    assertThat(heap.limits).containsExactly(62 * MIB, 110 * MIB, 142 * MIB);
  }

  @Test
  void theLimitIsNeverBelowWhatIsHeld_norLowered_whileSomethingIsAllocated() {
    heap.held = 100 * MIB;
    runs(8, 4, 14 * MIB);
    assertThat(heap.limits).containsExactly(100 * MIB, 142 * MIB);

    runs(600, 0.1, 14 * MIB);
    assertThat(heap.limits).hasSize(2);
    assertThat(heap.givenBack).isZero();
  }

  @Test
  void atRestMemoryGoesBack_onceForEachTimeThatSomethingHappened() {
    runs(8, 4, 14 * MIB);
    heap.held = 130 * MIB;
    rests(60);
    assertThat(heap.limits.getLast()).isEqualTo(40 * MIB);
    assertThat(heap.givenBack).isEqualTo(1);

    heap.held = 130 * MIB;
    runs(1, 0, 30 * MIB);
    rests(60);
    assertThat(heap.givenBack).isEqualTo(2);
  }

  @Test
  void asksOnceMore_whereNotAllWentBack() {
    heap.stays = 100 * MIB;
    heap.held = 130 * MIB;
    rests(60);

    assertThat(heap.givenBack).isEqualTo(2);
  }

  @Test
  void atRestNothingIsCollected_whereNothingWouldGoBack() {
    heap.held = 47 * MIB;
    rests(60);

    assertThat(heap.givenBack).isZero();
  }

  @Test
  void aSecondWithoutTrafficIsNoRest() {
    heap.held = 130 * MIB;
    for (int i = 0; i < 20; i++) {
      runs(1, 0, (14 + 4 * i) * MIB);
      rests(1);
    }

    assertThat(heap.givenBack).isZero();
  }

  @Test
  void neverAsksForMoreThanThereIs() {
    runs(600, 9, 200 * MIB);

    assertThat(heap.limits.getLast()).isEqualTo(heap.most());
    assertThat(heap.limits).allMatch(limit -> limit <= heap.most());
  }

  private void rests(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now += SECOND;
      heap.used += MIB / 8;
      room.look(now);
    }
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
    private long held = 40 * MIB;
    private long stays = 40 * MIB;
    private int givenBack;
    private long cycles;

    @Override
    public long used() {
      return used;
    }

    @Override
    public long held() {
      return held;
    }

    @Override
    public void giveBack() {
      givenBack++;
      held = stays;
      cycles++;
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
