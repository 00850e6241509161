package dev.osprey.arch.samples;

import io.netty.buffer.ByteBuf;

/** A contract that says neither where it runs nor who owns its buffers. */
public interface BadContract {
  /** Whose buffer goes in, and whose comes out? */
  ByteBuf through(ByteBuf in);

  /** A record without a line in the list. */
  record Value(int number) {}

  /** A sealed type without a line in the list. */
  sealed interface Choice permits One {}

  /** The only choice. */
  record One() implements Choice {}
}
