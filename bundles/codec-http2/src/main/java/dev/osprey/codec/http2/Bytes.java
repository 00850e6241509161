package dev.osprey.codec.http2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Constant text as bytes, and numbers as text without strings. */
final class Bytes {
  private Bytes() {}

  /** The ISO-8859-1 bytes of {@code text}. */
  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Appends a number, which is not negative, in decimal digits. */
  static void writeDecimal(ByteBuf out, long number) {
    long unit = 1;
    while (number / unit >= 10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      out.writeByte((int) ('0' + number / unit % 10));
    }
  }
}
