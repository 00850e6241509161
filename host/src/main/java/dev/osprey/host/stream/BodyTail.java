package dev.osprey.host.stream;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The last of the pieces of a body that wait. Small ones are copied behind each other, so that what
 * waits takes about as much memory as it has bytes: neither an object for each of the pieces, which
 * may be of a byte, nor the large buffers that they were read into.
 */
final class BodyTail {
  private static final int SMALL = 2 * 1024;
  private static final int FIRST_BYTES = 256;
  private static final int MOST_BYTES = 16 * 1024;

  /** A piece that keeps so many times its own length in memory is copied, whatever its length. */
  private static final int WASTE = 8;

  private @Nullable ByteBuf tail;

  /** Copies a piece behind the last one; false when it has to stand for itself. */
  boolean appends(@Borrowed ByteBuf more) {
    ByteBuf last = tail;
    int length = more.readableBytes();
    // What somebody else reads may not be moved to a larger place.
    if (last == null
        || last.refCnt() > 1
        || last.readableBytes() + length > MOST_BYTES
        || !isSmall(more)) {
      return false;
    }
    last.writeBytes(more, more.readerIndex(), length);
    return true;
  }

  /** What is to wait in the place of a piece that was not appended; the last one from now on. */
  @Owned
  ByteBuf piece(@Owned ByteBuf more) {
    tail = null;
    if (!isSmall(more)) {
      return more;
    }
    int length = more.readableBytes();
    ByteBuf copy = more.alloc().directBuffer(Math.max(length, FIRST_BYTES));
    copy.writeBytes(more);
    more.release();
    tail = copy;
    return copy;
  }

  /** Nothing is appended to what waits, or waited, so far. */
  void forget() {
    tail = null;
  }

  private static boolean isSmall(ByteBuf piece) {
    int length = piece.readableBytes();
    return length <= SMALL || length < pinned(piece) / WASTE;
  }

  private static int pinned(ByteBuf piece) {
    ByteBuf whole = piece;
    for (ByteBuf next = whole.unwrap(); next != null; next = whole.unwrap()) {
      whole = next;
    }
    return whole.capacity();
  }
}
