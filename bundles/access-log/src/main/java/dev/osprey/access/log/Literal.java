package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;

/** Text of the format itself, as it leaves. */
record Literal(byte[] bytes) implements Operator {
  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    line.writeBytes(bytes);
    return true;
  }
}
