package dev.osprey.load;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Endless deterministic bytes: the same position always holds the same byte, and a lost, doubled or
 * moved piece shows.
 *
 * <p>The period is a prime, so that no power-of-two buffer size maps onto itself.
 */
public final class Pattern {
  private static final int PERIOD = 65_521;
  private static final int LONGEST = 64 * 1024;
  private static final byte[] TABLE = table();

  private Pattern() {}

  /** The byte at a position. */
  public static byte at(long position) {
    return TABLE[(int) (position % PERIOD)];
  }

  /** The bytes from a position on. */
  public static byte[] bytes(long position, int length) {
    byte[] result = new byte[length];
    for (int done = 0; done < length; done += LONGEST) {
      int part = Math.min(LONGEST, length - done);
      System.arraycopy(TABLE, (int) ((position + done) % PERIOD), result, done, part);
    }
    return result;
  }

  /**
   * The offset of the first byte that differs from the pattern.
   *
   * @return -1 if all are equal
   */
  public static int mismatch(long position, byte[] bytes, int from, int length) {
    for (int done = 0; done < length; done += LONGEST) {
      int part = Math.min(LONGEST, length - done);
      int start = (int) ((position + done) % PERIOD);
      int wrong =
          Arrays.mismatch(TABLE, start, start + part, bytes, from + done, from + done + part);
      if (wrong >= 0) {
        return done + wrong;
      }
    }
    return -1;
  }

  /** Writes pattern bytes, at most 64 KiB at a time, without copying them first. */
  static int write(Wire wire, long position, long length) {
    int part = (int) Math.min(LONGEST, length);
    wire.write(TABLE, (int) (position % PERIOD), part);
    return part;
  }

  private static byte[] table() {
    byte[] period = new byte[PERIOD];
    new SplittableRandom(20_26).nextBytes(period);
    byte[] table = Arrays.copyOf(period, PERIOD + LONGEST);
    for (int i = PERIOD; i < table.length; i++) {
      table[i] = period[i % PERIOD];
    }
    return table;
  }
}
