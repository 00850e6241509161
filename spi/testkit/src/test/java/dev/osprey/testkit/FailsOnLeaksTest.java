package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The net that every test class of this build has below it holds. */
class FailsOnLeaksTest {
  @Test
  void isInUse() {
    assertThat(LeakCollector.isUsed()).isTrue();
  }

  @Test
  void aBufferThatNobodyReleasesFailsTheClass_once() {
    leak();

    assertThatThrownBy(() -> FailsOnLeaks.check("this class"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("found after this class")
        .hasMessageContaining("FailsOnLeaksTest.leak");
    assertThatCode(() -> FailsOnLeaks.check("this class")).doesNotThrowAnyException();
  }

  @Test
  void aBufferThatIsReleasedOrStillHeldFailsNothing() {
    PooledByteBufAllocator.DEFAULT.directBuffer().release();
    ByteBuf held = PooledByteBufAllocator.DEFAULT.directBuffer();

    assertThatCode(() -> FailsOnLeaks.check("this class")).doesNotThrowAnyException();
    held.release();
  }

  private static void leak() {
    PooledByteBufAllocator.DEFAULT.directBuffer().writeLong(1);
  }
}
