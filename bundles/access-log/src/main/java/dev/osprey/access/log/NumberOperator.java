package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.util.function.ToLongFunction;

/**
 * A number that is not negative.
 *
 * @param value the number; negative when the record has none
 */
record NumberOperator(ToLongFunction<AccessRecord> value) implements Operator {
  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    long number = value.applyAsLong(record);
    if (number < 0) {
      return false;
    }
    Digits.append(number, line);
    return true;
  }

  @Override
  public boolean isNumber() {
    return true;
  }
}
