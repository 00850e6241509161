package dev.osprey.host.overload;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** The direct memory that buffers are made of, in bytes. Thread-safe. */
interface BufferMemory {
  /** Most that there can be. */
  long limit();

  /** What allocators have taken, in use or not; cheap. */
  long reserved();

  /** What buffers occupy that somebody holds; costs some microseconds. */
  long inUse();

  /** Netty's, which all allocators of the process share. */
  static BufferMemory of(ByteBufAllocator allocator) {
    return new Netty(allocator);
  }

  /** The memory as Netty counts it. */
  final class Netty implements BufferMemory {
    private final PooledByteBufAllocator pooled;

    // The adaptive allocator gives back what is not in use, the pooled one keeps chunks in part.
    private Netty(ByteBufAllocator allocator) {
      this.pooled =
          allocator instanceof PooledByteBufAllocator its ? its : PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public long limit() {
      return PlatformDependent.maxDirectMemory();
    }

    @Override
    public long reserved() {
      return PlatformDependent.usedDirectMemory();
    }

    @Override
    public long inUse() {
      long idle = pooled.metric().usedDirectMemory() - pooled.pinnedDirectMemory();
      return reserved() - Math.max(0, idle);
    }
  }
}
