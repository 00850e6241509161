package dev.osprey.router;

import java.util.Arrays;

/** Comparisons over a head's bytes that make no strings. */
final class Bytes {
  private Bytes() {}

  /** The end of a path before its query or fragment. */
  static int endOfPath(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] == '?' || bytes[i] == '#') {
        return i;
      }
    }
    return end;
  }

  /** True when {@code bytes} go on with {@code text} at {@code start}; the room was checked. */
  static boolean same(byte[] text, byte[] bytes, int start) {
    return Arrays.equals(text, 0, text.length, bytes, start, start + text.length);
  }

  /** As {@link #same}, without regard to the case of ASCII letters. */
  static boolean sameWithoutCase(byte[] text, byte[] bytes, int start) {
    for (int i = 0; i < text.length; i++) {
      if (lower(text[i]) != lower(bytes[start + i])) {
        return false;
      }
    }
    return true;
  }

  /** True when {@code text} is somewhere between {@code start} and {@code end}. */
  static boolean contains(byte[] text, byte[] bytes, int start, int end, boolean caseSensitive) {
    for (int i = start; i <= end - text.length; i++) {
      if (caseSensitive ? same(text, bytes, i) : sameWithoutCase(text, bytes, i)) {
        return true;
      }
    }
    return false;
  }

  static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
