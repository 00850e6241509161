package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;

/** A way to word a record as one line. Shared by all strands. */
sealed interface LineFormat permits TextFormat, JsonFormat {
  /** Appends the line with its end. */
  void append(AccessRecord record, ByteBuf line);
}
