package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.codec.CodecPlan;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Which codec a connection's first bytes are for. */
sealed interface Detection {
  /** More bytes are needed. */
  Detection MORE = new More();

  /** A codec knows its own. */
  record Found(Slot<CodecPlan> slot) implements Detection {}

  /** More bytes are needed. */
  record More() implements Detection {}

  /** No codec wants them. */
  record Nobody() implements Detection {}

  /** So many bytes tell every protocol apart. */
  int ENOUGH_BYTES = 4096;

  /**
   * Asks the codecs in their order; a later one wins only when the earlier ones said no, or want
   * more than is enough.
   */
  static Detection of(List<Slot<CodecPlan>> codecs, ByteBuf first) {
    for (Slot<CodecPlan> slot : codecs) {
      switch (CodecFence.recognise(slot.main(), first)) {
        case MATCH -> {
          return new Found(slot);
        }
        case NEED_MORE -> {
          if (first.readableBytes() < ENOUGH_BYTES) {
            return MORE;
          }
        }
        case NO -> {}
      }
    }
    return new Nobody();
  }
}
