package dev.osprey.host.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.testkit.TrackingAllocator;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpareBufferTest {
  private final TrackingAllocator allocator = new TrackingAllocator();
  private final SpareBuffer spare = new SpareBuffer();

  @AfterEach
  void leavesNothing() {
    spare.drop();
    allocator.assertNothingLeaks();
  }

  @Test
  void isLentAgain_emptyAndWhole_onceItIsBack() {
    ByteBuf first = spare.lend(100, allocator);
    first.writeZero(50).skipBytes(10).release();
    ByteBuf second = spare.lend(2048, allocator);
    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    assertThat(second.writableBytes()).isGreaterThanOrEqualTo(2048);
    second.release();
  }

  @Test
  void isReplaced_whileSomebodyKeepsWhatWasRead() {
    ByteBuf kept = spare.lend(100, allocator).writeByte('k');
    ByteBuf other = spare.lend(100, allocator).writeByte('o');
    assertThat(other).isNotSameAs(kept);
    assertThat(kept.getByte(0)).isEqualTo((byte) 'k');
    kept.release();
    other.release();
  }

  @Test
  void isNotKeptForALargeRead() {
    ByteBuf large = spare.lend(100_000, allocator);
    assertThat(large.writableBytes()).isGreaterThanOrEqualTo(100_000);
    large.release();
    assertThat(allocator.liveBytes()).isZero();
  }

  @Test
  void isGivenBack_whenTheTurnEnds() {
    spare.lend(100, allocator).release();
    assertThat(allocator.liveBytes()).isPositive();
    spare.drop();
    assertThat(allocator.liveBytes()).isZero();
  }
}
