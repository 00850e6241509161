package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A text that is there already.
 *
 * @param value reads it
 */
record TextOperator(Value value) implements Operator {
  /** Where the text comes from. */
  interface Value {
    /** The text; null or empty when the record has none. */
    @Nullable String of(AccessRecord record);
  }

  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    String text = value.of(record);
    if (text == null || text.isEmpty()) {
      return false;
    }
    escape.append(text, line);
    return true;
  }
}
