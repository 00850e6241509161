package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;

/** One compiled piece of a format: appends what a record says. Shared by all strands. */
interface Operator {
  /**
   * Appends the value.
   *
   * @return false when the record has none; then nothing was appended
   */
  boolean append(AccessRecord record, ByteBuf line, Escape escape);

  /** True when the value is a number, which JSON writes without quotes. */
  default boolean isNumber() {
    return false;
  }
}
