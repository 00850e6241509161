package dev.osprey.access.log;

import io.netty.buffer.ByteBuf;

/** Writes numbers without making strings. */
final class Digits {
  private Digits() {}

  /** Decimal digits of a number that is not negative. */
  static void append(long number, ByteBuf line) {
    long divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      line.writeByte((int) ('0' + number / divisor % 10));
    }
  }

  /** The first {@code digits} digits of {@code millis} thousandths. */
  static void appendFraction(int millis, int digits, ByteBuf line) {
    int divisor = 100;
    for (int i = 0; i < digits; i++) {
      line.writeByte('0' + (divisor == 0 ? 0 : millis / divisor % 10));
      divisor /= 10;
    }
  }

  /** Hexadecimal digits, lower case, without leading zeros. */
  static void appendHex(int number, ByteBuf line) {
    int shift = 28;
    while (shift > 0 && number >>> shift == 0) {
      shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
      line.writeByte(Character.forDigit((number >>> shift) & 15, 16));
    }
  }
}
