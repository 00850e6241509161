package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;

/** A line of text. A value that is missing becomes {@code -}, or nothing at all by option. */
final class TextFormat implements LineFormat {
  private final Operator[] operators;
  private final boolean omits;
  private final boolean bringsEnd;

  private TextFormat(Operator[] operators, boolean omits, boolean bringsEnd) {
    this.operators = operators;
    this.omits = omits;
    this.bringsEnd = bringsEnd;
  }

  /** Compiles; mistakes are recorded at {@code node}. */
  static TextFormat of(String format, boolean omits, ConfigNode node) {
    Operator[] operators = FormatReader.read(format, node, false).toArray(Operator[]::new);
    return new TextFormat(operators, omits, format.endsWith("\n"));
  }

  @Override
  public void append(AccessRecord record, ByteBuf line) {
    append(operators, record, line, Escape.TEXT, omits);
    if (!bringsEnd) {
      line.writeByte('\n');
    }
  }

  static void append(
      Operator[] operators, AccessRecord record, ByteBuf line, Escape escape, boolean omits) {
    for (Operator operator : operators) {
      if (!operator.append(record, line, escape) && !omits) {
        line.writeByte('-');
      }
    }
  }
}
