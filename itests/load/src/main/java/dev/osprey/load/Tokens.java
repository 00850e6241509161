package dev.osprey.load;

/**
 * Request tokens: 16 hex digits, four for the connection, four for its incarnation, eight for the
 * sequence.
 */
final class Tokens {
  static final int LENGTH = 16;

  /** No token at all; no connection has that number. */
  static final long NONE = -1;

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private Tokens() {}

  static void write(long token, byte[] target, int at) {
    for (int i = 0; i < LENGTH; i++) {
      target[at + i] = DIGITS[(int) (token >>> (60 - 4 * i)) & 15];
    }
  }

  static long read(byte[] source, int at) {
    long token = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = Character.digit(source[at + i], 16);
      if (digit < 0) {
        return NONE;
      }
      token = (token << 4) | digit;
    }
    return token;
  }

  /** Whether everything behind the token is padding. */
  static boolean isPadded(byte[] body) {
    for (int i = LENGTH; i < body.length; i++) {
      if (body[i] != '.') {
        return false;
      }
    }
    return true;
  }

  /** What kind of mistake it is to find one token where another was expected. */
  static FailureKind mistake(long expected, long found) {
    if (found == NONE || found == expected) {
      return FailureKind.WRONG_TOKEN;
    }
    if (found >>> 48 != expected >>> 48) {
      return FailureKind.CROSSED;
    }
    return found >>> 32 == expected >>> 32 ? FailureKind.OUT_OF_ORDER : FailureKind.WRONG_TOKEN;
  }
}
