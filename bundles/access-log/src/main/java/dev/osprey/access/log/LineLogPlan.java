package dev.osprey.access.log;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;

/** A checked access log of one generation. */
final class LineLogPlan implements AccessLogPlan {
  private final LineLogConfig config;

  LineLogPlan(LineLogConfig config) {
    this.config = config;
  }

  @Override
  public String target() {
    return config.target();
  }

  @Override
  public void log(AccessRecord record, @Borrowed ByteBuf line) {
    config.format().append(record, line);
  }
}
