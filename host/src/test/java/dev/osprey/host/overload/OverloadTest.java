package dev.osprey.host.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.host.stats.Stats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class OverloadTest {
  private final FakeMemory memory = new FakeMemory();
  private final Stats stats = new Stats();
  private final Overload overload = new Overload(Overload.Limits.DEFAULT, memory, stats::counter);

  @Test
  void levelsBeginAtTheirMarks_andEndALittleBelow() {
    assertThat(at(499)).isEqualTo(Level.NORMAL);
    assertThat(at(500)).isEqualTo(Level.TIGHT);
    assertThat(at(451)).isEqualTo(Level.TIGHT);
    assertThat(at(449)).isEqualTo(Level.NORMAL);
    assertThat(at(800)).isEqualTo(Level.FULL);
    assertThat(at(751)).isEqualTo(Level.FULL);
    assertThat(at(900)).isEqualTo(Level.CRITICAL);
    assertThat(at(851)).isEqualTo(Level.CRITICAL);
    assertThat(at(849)).isEqualTo(Level.FULL);
    assertThat(at(749)).isEqualTo(Level.TIGHT);
    assertThat(at(0)).isEqualTo(Level.NORMAL);
  }

  @Test
  void newConnectionsWait_onlyWhileItIsFull() {
    at(799);
    assertThat(overload.isAccepting()).isTrue();
    at(800);
    assertThat(overload.isAccepting()).isFalse();
    at(751);
    assertThat(overload.isAccepting()).isFalse();
    at(749);
    assertThat(overload.isAccepting()).isTrue();
  }

  @Test
  void readsAreAsLargeAsAsked_whileThereIsEnough() {
    Overload small = new Overload(new Overload.Limits(50, 80, 6 * 1024), memory, stats::counter);
    assertThat(small.readBytes()).isEqualTo(6 * 1024);
    assertThat(overload.readBytes()).isEqualTo(Overload.Limits.MOST_READ);

    memory.inUse = memory.reserved = 800;
    small.look();
    assertThat(small.readBytes()).isEqualTo(4 * 1024);
  }

  @Test
  void piecesGetSmall_whenAllIsReservedThoughLittleIsInUse() {
    memory.reserved = 950;
    memory.inUse = 100;
    assertThat(overload.look()).isEqualTo(Level.TIGHT);
  }

  @Test
  void countsHowOftenALevelBegins() {
    for (int i = 0; i < 3; i++) {
      at(500);
      at(800);
      at(900);
      at(800);
      at(0);
    }
    assertThat(stats.counters())
        .containsEntry("overload.tight", 3L)
        .containsEntry("overload.full", 3L)
        .containsEntry("overload.cx_reset", 0L);
  }

  @Test
  void readsAreSmaller_asLongAsItIsTight() {
    assertThat(overload.level().readBytes()).isEqualTo(Integer.MAX_VALUE);
    at(500);
    assertThat(overload.level().readBytes()).isEqualTo(16 * 1024);
    at(800);
    assertThat(overload.level().readBytes()).isEqualTo(4 * 1024);
    at(0);
    assertThat(overload.level().readBytes()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void nettysMemoryIsWhatBuffersHold_notWhatTheirChunksReserve() {
    PooledByteBufAllocator pooled = new PooledByteBufAllocator(true);
    BufferMemory real = BufferMemory.of(pooled);
    long before = real.inUse();
    ByteBuf buffer = pooled.directBuffer(100_000);
    assertThat(real.inUse() - before).isBetween(100_000L, 200_000L);
    assertThat(pooled.metric().usedDirectMemory()).isGreaterThan(1_000_000);
    assertThat(real.reserved()).isBetween(real.inUse(), real.limit());
    buffer.release();
  }

  @Test
  void refusesMarksThatMakeNoSense() {
    assertThatThrownBy(() -> new Overload.Limits(80, 80, 4096))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Overload.Limits(0, 80, 4096))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Level at(long bytes) {
    memory.use(bytes);
    assertThat(overload.look()).isEqualTo(overload.level());
    return overload.level();
  }
}
