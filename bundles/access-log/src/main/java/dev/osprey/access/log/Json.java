package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** A value of a JSON line. */
sealed interface Json {
  /** Appends the value; false when the record has none, and then nothing was appended. */
  boolean append(AccessRecord record, ByteBuf line);

  /** The inside of a JSON string that means {@code text}. */
  static byte[] inside(String text) {
    ByteBuf out = Unpooled.buffer(text.length() * 6);
    Escape.JSON.append(text, out);
    return ByteBufUtil.getBytes(out);
  }

  /** A value of the configuration that is no string. */
  record Constant(byte[] bytes) implements Json {
    @Override
    public boolean append(AccessRecord record, ByteBuf line) {
      line.writeBytes(bytes);
      return true;
    }
  }

  /** One operator alone: a number stays one. */
  record Single(Operator operator) implements Json {
    @Override
    public boolean append(AccessRecord record, ByteBuf line) {
      if (operator.isNumber()) {
        return operator.append(record, line, Escape.JSON);
      }
      int start = line.writerIndex();
      line.writeByte('"');
      if (!operator.append(record, line, Escape.JSON)) {
        line.writerIndex(start);
        return false;
      }
      line.writeByte('"');
      return true;
    }
  }

  /** Operators and text between them: a string. */
  record Mixed(Operator[] operators, boolean omits) implements Json {
    @Override
    public boolean append(AccessRecord record, ByteBuf line) {
      line.writeByte('"');
      TextFormat.append(operators, record, line, Escape.JSON, omits);
      line.writeByte('"');
      return true;
    }
  }

  /**
   * A map.
   *
   * @param keys each with its quotes and colon
   * @param values one for each key
   * @param omits true: keys without a value are left out; false: they are null
   */
  record Members(byte[][] keys, Json[] values, boolean omits) implements Json {
    @Override
    public boolean append(AccessRecord record, ByteBuf line) {
      line.writeByte('{');
      boolean first = true;
      for (int i = 0; i < keys.length; i++) {
        first &= !member(i, first, record, line);
      }
      line.writeByte('}');
      return true;
    }

    private boolean member(int i, boolean first, AccessRecord record, ByteBuf line) {
      int start = line.writerIndex();
      if (!first) {
        line.writeByte(',');
      }
      line.writeBytes(keys[i]);
      if (values[i].append(record, line)) {
        return true;
      }
      if (omits) {
        line.writerIndex(start);
        return false;
      }
      line.writeByte('n').writeByte('u').writeByte('l').writeByte('l');
      return true;
    }
  }
}
