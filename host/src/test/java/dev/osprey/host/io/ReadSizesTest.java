package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.LoopThread;
import dev.osprey.host.plan.IoModel;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Netty's handle
class ReadSizesTest {
  private final TrackingAllocator allocator = new TrackingAllocator();
  private int bound = Integer.MAX_VALUE;
  private final RecvByteBufAllocator.ExtendedHandle sizes = new ReadSizes(() -> bound).newHandle();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void begins() {
    sizes.reset(channel.config());
  }

  @AfterEach
  void leavesNothing() {
    var _ = channel.close();
    allocator.assertNothingLeaks();
  }

  /** A read as Netty's channels do it. */
  private void reads(int bytes) {
    ByteBuf buffer = sizes.allocate(allocator);
    sizes.attemptedBytesRead(buffer.writableBytes());
    sizes.lastBytesRead(Math.min(bytes, buffer.writableBytes()));
    sizes.incMessagesRead(1);
    buffer.release();
  }

  private void reads(int bytes, int times) {
    for (int i = 0; i < times; i++) {
      reads(bytes);
    }
  }

  @Test
  void becomesLarge_afterTwoFullReads() {
    assertThat(sizes.guess()).isEqualTo(ReadSizes.FIRST);
    reads(1 << 20);
    assertThat(sizes.guess()).isBetween(16 * 1024, ReadSizes.MOST - 1);
    reads(1 << 20);
    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
    reads(1 << 20);
    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
  }

  @Test
  void isSmaller_onceATurnHasBroughtMuch_untilItEnds() throws Exception {
    List<Integer> guesses = new CopyOnWriteArrayList<>();
    LoopThread thread =
        new LoopThread(
            () -> {
              new Loop(0, IoModel.REACTOR, Runnable::run, allocator).beginTurns();
              reads(1 << 20, 2);
              reads(ReadSizes.MOST, ReadSizes.MUCH_FOR_A_TURN / ReadSizes.MOST - 1);
              guesses.add(sizes.guess());
              reads(ReadSizes.MOST);
              guesses.add(sizes.guess());
              reads(1 << 20, 200);
              guesses.add(sizes.guess());
              var _ = LoopThread.endTurn();
              guesses.add(sizes.guess());
            },
            "read-sizes-test");
    thread.start();
    thread.join();
    assertThat(guesses)
        .containsExactly(
            ReadSizes.MOST,
            ReadSizes.MOST_IN_A_LONG_TURN,
            ReadSizes.MOST_IN_A_LONG_TURN,
            ReadSizes.MOST);
  }

  @Test
  void isNoLargerThanTheProcessAllows_asLongAsThatIsSo() {
    reads(1 << 20, 2);
    bound = 4096;
    assertThat(sizes.guess()).isEqualTo(4096);
    reads(1 << 20);
    bound = Integer.MAX_VALUE;
    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
  }

  @Test
  void staysLarge_throughSmallerReads() {
    reads(1 << 20, 2);
    for (int i = 0; i < 10; i++) {
      reads(100, ReadSizes.PATIENCE - 1);
      reads(ReadSizes.MOST / 2);
    }
    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
  }

  @Test
  void fallsToWhatIsNeeded_afterManySmallReads() {
    reads(1 << 20, 2);
    reads(20_000, ReadSizes.PATIENCE);
    assertThat(sizes.guess()).isBetween(20_000, 80_000);
    reads(100, ReadSizes.PATIENCE);
    assertThat(sizes.guess()).isEqualTo(ReadSizes.LEAST);
    reads(100, 1000);
    assertThat(sizes.guess()).isEqualTo(ReadSizes.LEAST);
  }

  @Test
  void staysWhereMessagesFit() {
    reads(10_000, 1000);
    assertThat(sizes.guess()).isBetween(10_001, 40_000);
  }

  @Test
  void readsOncePerEvent() {
    reads(1 << 20);
    assertThat(sizes.continueReading()).isFalse();
  }

  @Test
  void learnsNothing_fromAReadWithoutBytes() {
    reads(1 << 20, 2);
    reads(0, 1000);
    reads(-1, 1000);
    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
  }

  @Test
  void movesAFewBytesOutOfALargeBuffer() {
    ByteBuf large = allocator.directBuffer(ReadSizes.MOST).writeLong(7);
    ByteBuf fitting = ReadSizes.fitting(allocator, large);
    assertThat(large.refCnt()).isZero();
    assertThat(fitting.capacity()).isEqualTo(8);
    assertThat(fitting.readLong()).isEqualTo(7);
    fitting.release();
  }

  @Test
  void leavesBytesWhereTheyAre_whenTheirBufferIsSmallOrWellFilled() {
    ByteBuf small = allocator.directBuffer(ReadSizes.FIRST).writeLong(7);
    assertThat(ReadSizes.fitting(allocator, small)).isSameAs(small);
    small.release();
    ByteBuf filled = allocator.directBuffer(ReadSizes.MOST).writeZero(ReadSizes.MOST / 3);
    assertThat(ReadSizes.fitting(allocator, filled)).isSameAs(filled);
    filled.release();
  }
}
