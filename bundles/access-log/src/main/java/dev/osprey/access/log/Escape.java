package dev.osprey.access.log;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * How values are written so that nothing a peer sends can begin a new line, end a quoted value, or
 * reach a terminal as a control character. What is written is ASCII.
 */
enum Escape {
  /** {@code \xHH} or {@code \\uHHHH} for all but visible ASCII and blanks; also for " and \. */
  TEXT {
    @Override
    void special(int c, ByteBuf line) {
      if (c > 0xff) {
        unicode(c, line);
        return;
      }
      line.writeByte('\\').writeByte('x');
      hex(c, line);
    }
  },
  /** The inside of a JSON string (RFC 8259 section 7). Bytes are taken as ISO-8859-1. */
  JSON {
    @Override
    void special(int c, ByteBuf line) {
      switch (c) {
        case '"', '\\' -> line.writeByte('\\').writeByte(c);
        case '\n' -> line.writeByte('\\').writeByte('n');
        case '\r' -> line.writeByte('\\').writeByte('r');
        case '\t' -> line.writeByte('\\').writeByte('t');
        default -> unicode(c, line);
      }
    }
  };

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** Writes a character that must not be written as it is. */
  abstract void special(int c, ByteBuf line);

  /** Writes bytes as they came from a peer. */
  void append(byte[] bytes, int start, int end, ByteBuf line) {
    int plain = start;
    for (int i = start; i < end; i++) {
      int c = bytes[i] & 0xff;
      if (!isPlain(c)) {
        line.writeBytes(bytes, plain, i - plain);
        special(c, line);
        plain = i + 1;
      }
    }
    line.writeBytes(bytes, plain, end - plain);
  }

  /** Writes text, which may come from anywhere. */
  void append(String text, ByteBuf line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        line.writeByte(c);
      } else {
        special(c, line);
      }
    }
  }

  private static boolean isPlain(int c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
  }

  private static void unicode(int c, ByteBuf line) {
    line.writeByte('\\').writeByte('u');
    hex(c >> 8, line);
    hex(c, line);
  }

  private static void hex(int b, ByteBuf line) {
    line.writeByte(HEX[(b >> 4) & 15]).writeByte(HEX[b & 15]);
  }
}
