package dev.osprey.http.common;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Constant text as bytes, ranges of bytes, and numbers as text without strings. */
public final class Bytes {
  // Numbers of more digits are written in two parts: to divide an int takes half as long.
  private static final int BILLION = 1_000_000_000;

  private Bytes() {}

  /** The ISO-8859-1 bytes of {@code text}. */
  public static byte[] of(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** True when two offsets that anybody may have set make a range of {@code bytes}. */
  public static boolean areWithin(byte[] bytes, int start, int end) {
    return start >= 0 && start <= end && end <= bytes.length;
  }

  /** True when a range of {@code bytes} is {@code text}, to the letter. */
  public static boolean are(byte[] bytes, int start, int end, byte[] text) {
    return end - start == text.length && Arrays.equals(bytes, start, end, text, 0, text.length);
  }

  /** Appends a number, which is not negative, in decimal digits. */
  public static void writeDecimal(ByteBuf out, long number) {
    if (number > Integer.MAX_VALUE) {
      writeDecimal(out, number / BILLION);
      writeDigits(out, (int) (number % BILLION), BILLION / 10);
      return;
    }
    int small = (int) number;
    int unit = 1;
    while (small / 10 >= unit) {
      unit *= 10;
    }
    writeDigits(out, small, unit);
  }

  /** Appends the digits from that of {@code first} on. */
  private static void writeDigits(ByteBuf out, int number, int first) {
    int rest = number;
    for (int unit = first; unit > 0; unit /= 10) {
      int digit = rest / unit;
      rest -= digit * unit;
      out.writeByte('0' + digit);
    }
  }

  /**
   * The number that a range spells in decimal digits; -1 for anything else, or more than a long.
   */
  public static long readDecimal(byte[] bytes, int start, int end) {
    long number = 0;
    for (int i = start; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return start < end ? number : -1;
  }
}
