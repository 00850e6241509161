package dev.osprey.access.log;

import io.netty.buffer.ByteBuf;

/** Writes numbers without making strings. */
final class Digits {
  // Numbers of more digits are written in two parts: to divide an int takes half as long.
  private static final int BILLION = 1_000_000_000;

  private Digits() {}

  /** Decimal digits of a number that is not negative. */
  static void append(long number, ByteBuf line) {
    if (number > Integer.MAX_VALUE) {
      append(number / BILLION, line);
      append((int) (number % BILLION), BILLION / 10, line);
      return;
    }
    int small = (int) number;
    int first = 1;
    while (small / 10 >= first) {
      first *= 10;
    }
    append(small, first, line);
  }

  /** The digits from that of {@code first} on. */
  private static void append(int number, int first, ByteBuf line) {
    int rest = number;
    for (int unit = first; unit > 0; unit /= 10) {
      int digit = rest / unit;
      rest -= digit * unit;
      line.writeByte('0' + digit);
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
}
