package dev.osprey.host.io;

import dev.osprey.host.loop.LoopThread;
import dev.osprey.host.overload.Overload;
import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.util.function.IntSupplier;

/**
 * How large the buffer for a socket's next read is: small for small messages, large for bulk, where
 * large reads pay most. Two reads that fill their buffer lead from the first size to the largest,
 * and that stays through the smaller reads that every stream of bytes has: only a long row of reads
 * that would have fitted into a quarter leads back, to what they needed. One read per event. Never
 * larger than the memory of the process allows at the moment, and once a turn of the loop has
 * brought much, what else is ready in it is read in smaller pieces: all others wait for its end.
 */
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
  static final int LEAST = 512;
  static final int FIRST = 2048;
  static final int MOST = Overload.Limits.MOST_READ;

  /** Bytes that a turn brings before its reads get smaller: the largest of eight sockets. */
  static final int MUCH_FOR_A_TURN = 8 * MOST;

  /** The most of a read from then on. */
  static final int MOST_IN_A_LONG_TURN = 32 * 1024;

  /** How many small reads in a row it takes. */
  static final int PATIENCE = 64;

  private static final int GROWTH = 16;
  private static final int SPARSE = 4;
  private static final int NEVER_SPARSE = 8 * 1024;

  private final IntSupplier bound;

  /** Sizes of at most so many bytes, as long as it is so. */
  ReadSizes(IntSupplier bound) {
    super(1);
    this.bound = bound;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's signature
  public RecvByteBufAllocator.ExtendedHandle newHandle() {
    return new Sizes();
  }

  /** For one socket whose reads do not go through Netty. */
  Sizes forSocket() {
    return new Sizes();
  }

  /**
   * What was read, in memory of its own size when it is a small part of a large buffer: it may have
   * to wait, and its bytes are what is counted then.
   */
  static @Owned ByteBuf fitting(ByteBufAllocator allocator, @Owned ByteBuf read) {
    int length = read.readableBytes();
    if (read.capacity() <= NEVER_SPARSE || !isSparse(length, read.capacity())) {
      return read;
    }
    ByteBuf fitting = allocator.directBuffer(length).writeBytes(read);
    read.release();
    return fitting;
  }

  private static boolean isSparse(int length, int capacity) {
    return length <= capacity / SPARSE;
  }

  /** Of one socket. */
  final class Sizes extends MaxMessageHandle {
    private int size = FIRST;
    private int smallReads;
    private int largestOfThem;

    @Override
    public int guess() {
      int most = Math.min(size, bound.getAsInt());
      boolean isBounded = most > MOST_IN_A_LONG_TURN && LoopThread.readInTurn() >= MUCH_FOR_A_TURN;
      return isBounded ? MOST_IN_A_LONG_TURN : most;
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes <= 0) {
        return;
      }
      LoopThread.read(bytes);
      if (bytes == attemptedBytesRead()) {
        size = Math.min(size * GROWTH, MOST);
        smallReads = 0;
      } else if (isSparse(bytes, size)) {
        small(bytes);
      } else {
        smallReads = 0;
      }
    }

    /** A read that might have brought so many has brought some. */
    void brought(int bytes, int most) {
      attemptedBytesRead(most);
      lastBytesRead(bytes);
    }

    private void small(int bytes) {
      largestOfThem = smallReads == 0 ? bytes : Math.max(largestOfThem, bytes);
      if (++smallReads == PATIENCE) {
        size = Math.max(LEAST, Integer.highestOneBit(largestOfThem) * SPARSE);
        smallReads = 0;
      }
    }
  }
}
