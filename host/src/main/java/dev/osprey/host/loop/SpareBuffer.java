package dev.osprey.host.loop;

import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One buffer for the small reads of a turn, as long as nobody keeps what was read: most of it is
 * sent on or understood before the next read, so its memory stays in the processor's cache. Nothing
 * is held between turns. On the loop.
 */
final class SpareBuffer {
  private static final int BYTES = 4096;

  private @Nullable ByteBuf spare;

  /** An empty buffer of at least so many bytes. */
  @Owned
  ByteBuf lend(int size, ByteBufAllocator allocator) {
    if (size > BYTES) {
      return allocator.directBuffer(size);
    }
    ByteBuf kept = spare;
    if (kept != null && kept.refCnt() == 1) {
      return kept.clear().retain();
    }
    drop();
    ByteBuf fresh = allocator.directBuffer(BYTES);
    spare = fresh;
    return fresh.retain();
  }

  /** Lets it go. */
  void drop() {
    ByteBuf kept = spare;
    spare = null;
    if (kept != null) {
      kept.release();
    }
  }
}
