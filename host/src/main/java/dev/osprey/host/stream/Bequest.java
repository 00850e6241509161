package dev.osprey.host.stream;

import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that a codec's instance leaves to the one behind it, while a connection moves: bodies
 * that wait are not copied for a swap.
 */
final class Bequest {
  private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();

  void leave(@Owned ByteBuf data) {
    buffers.add(data);
  }

  @Nullable ByteBuf take() {
    return buffers.poll();
  }

  /** Lets go of what nobody took. */
  void release() {
    buffers.forEach(ByteBuf::release);
    buffers.clear();
  }
}
