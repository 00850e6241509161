package dev.osprey.http.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The character classes of RFC 9110 section 5.6 and RFC 9112, as tables over bytes. */
public final class Chars {
  public static final byte CR = '\r';
  public static final byte LF = '\n';
  public static final byte TAB = '\t';

  private static final int TOKEN = 1;
  private static final int TARGET = 2;
  private static final int AUTHORITY = 4;
  private static final int VALUE = 8;

  private static final byte[] CLASSES = classes();
  private static final byte[] DIGITS = hexDigits();

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Chars() {}

  /** True for a character of a token: names of fields, methods, codings. */
  public static boolean isToken(byte b) {
    return (CLASSES[b & 0xff] & TOKEN) != 0;
  }

  /** True for a visible ASCII character but {@code #}: what a request target is made of. */
  public static boolean isTarget(byte b) {
    return (CLASSES[b & 0xff] & TARGET) != 0;
  }

  /** True for a character that a host with a port may hold. */
  public static boolean isAuthority(byte b) {
    return (CLASSES[b & 0xff] & AUTHORITY) != 0;
  }

  /** True for a character of a field value: visible, obs-text, space or tab. */
  public static boolean isValue(byte b) {
    return (CLASSES[b & 0xff] & VALUE) != 0;
  }

  /** The value of a hexadecimal digit; -1 for any other character. */
  public static int hexDigit(byte b) {
    return DIGITS[b & 0xff];
  }

  /** Lower case of an ASCII letter; other bytes as they are. */
  public static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }

  /** True for a space or a tab, which may stand around a field value. */
  public static boolean isSpace(byte b) {
    return b == ' ' || b == TAB;
  }

  /** Offset of the first byte from {@code at} that is neither space nor tab, or {@code limit}. */
  public static int skipSpace(byte[] bytes, int at, int limit) {
    int i = at;
    while (i < limit && isSpace(bytes[i])) {
      i++;
    }
    return i;
  }

  /** The end of a range without the spaces and tabs it ends in. */
  public static int trim(byte[] bytes, int start, int end) {
    int i = end;
    while (i > start && isSpace(bytes[i - 1])) {
      i--;
    }
    return i;
  }

  /** Offset of the first byte from {@code at} that no field value may hold, or {@code limit}. */
  public static int valueEnd(byte[] bytes, int at, int limit) {
    int i = at;
    while (true) {
      i = nextControl(bytes, i, limit);
      if (i == limit || bytes[i] != TAB) {
        return i;
      }
      i++;
    }
  }

  /** Offset of the first byte below 0x20 or equal to 0x7f, eight at a time; or {@code limit}. */
  private static int nextControl(byte[] bytes, int at, int limit) {
    int i = at;
    for (; i + 8 <= limit; i += 8) {
      long word = (long) EIGHT.get(bytes, i);
      long deletes = word ^ (0x7f * ONES);
      long hits = (((word - 0x20 * ONES) & ~word) | ((deletes - ONES) & ~deletes)) & HIGHS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    while (i < limit && ((bytes[i] >= 0x20 && bytes[i] != 0x7f) || bytes[i] < 0)) {
      i++;
    }
    return i;
  }

  /** True when all bytes of a range may stand in a field value. */
  public static boolean areValue(byte[] bytes, int start, int end) {
    return valueEnd(bytes, start, end) == end;
  }

  /** The same for a value without white space at its ends, as HTTP/2 wants it. */
  public static boolean areTrimmedValue(byte[] bytes, int start, int end) {
    return start == end
        || (!isSpace(bytes[start]) && !isSpace(bytes[end - 1]) && areValue(bytes, start, end));
  }

  /** True when a range is a token: not empty, token characters only. */
  public static boolean areToken(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isToken(bytes[i])) {
        return false;
      }
    }
    return start < end;
  }

  /** True when a range is not empty and holds only characters of a target. */
  public static boolean areTarget(byte[] bytes, int start, int end) {
    return start < end && targetEnd(bytes, start, end) == end;
  }

  /** Offset of the first byte from {@code at} that no target may hold, or {@code limit}. */
  public static int targetEnd(byte[] bytes, int at, int limit) {
    int i = at;
    while (i + 8 <= limit) {
      long word = (long) EIGHT.get(bytes, i);
      long deletes = word ^ (0x7f * ONES);
      long hashes = word ^ ('#' * ONES);
      long low = (word - 0x21 * ONES) & ~word;
      long hits =
          (low | ((deletes - ONES) & ~deletes) | ((hashes - ONES) & ~hashes) | word) & HIGHS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
      i += 8;
    }
    while (i < limit && isTarget(bytes[i])) {
      i++;
    }
    return i;
  }

  /** True when a range is a host with an optional port, or empty. */
  public static boolean areAuthority(byte[] bytes, int start, int end) {
    int colon = -1;
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (!isAuthority(b)) {
        return false;
      }
      if (b == ':') {
        if (colon >= 0 && bytes[start] != '[') {
          return false;
        }
        colon = i;
      }
    }
    return start == end || arePortAndBrackets(bytes, start, end, colon);
  }

  private static boolean arePortAndBrackets(byte[] bytes, int start, int end, int colon) {
    int hostEnd = colon < 0 ? end : colon;
    if (bytes[start] == '[') {
      int close = start;
      while (close < end && bytes[close] != ']') {
        close++;
      }
      if (close == end || (close + 1 < end && bytes[close + 1] != ':')) {
        return false;
      }
      hostEnd = close + 1;
    }
    boolean bare = true;
    for (int i = start; i < hostEnd; i++) {
      bare &= (bytes[i] != '[' && bytes[i] != ']') || bytes[start] == '[';
    }
    for (int i = hostEnd + 1; i < end; i++) {
      bare &= bytes[i] >= '0' && bytes[i] <= '9';
    }
    return bare && hostEnd > start;
  }

  /** True when a range spells {@code lower}, which is in lower case, in any case. */
  public static boolean spells(byte[] bytes, int start, int end, byte[] lower) {
    if (end - start != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      if (lower(bytes[start + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
      int bits = alphanumeric || has("!#$%&'*+-.^_`|~", c) ? TOKEN : 0;
      bits |= c > 0x20 && c < 0x7f && c != '#' ? TARGET : 0;
      bits |= alphanumeric || has("-._~!$&'()*+;=%[]:", c) ? AUTHORITY : 0;
      bits |= (c >= 0x20 && c != 0x7f) || c == TAB ? VALUE : 0;
      classes[c] = (byte) bits;
    }
    return classes;
  }

  private static boolean has(String set, int c) {
    return set.indexOf(c) >= 0;
  }

  private static byte[] hexDigits() {
    byte[] digits = new byte[256];
    for (int c = 0; c < 256; c++) {
      digits[c] = (byte) (c < 128 ? Character.digit(c, 16) : -1);
    }
    return digits;
  }
}
