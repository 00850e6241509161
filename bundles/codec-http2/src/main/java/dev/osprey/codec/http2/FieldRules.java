package dev.osprey.codec.http2;

import dev.osprey.http.common.Chars;

/** The rules of RFC 9113 section 8.2.1 for names and values of fields. */
final class FieldRules {
  private FieldRules() {}

  /** An entry of these bytes, with what its name means and whether it keeps the rules. */
  static TableEntry entry(byte[] bytes, int nameLength) {
    return new TableEntry(
        bytes,
        nameLength,
        Names.of(bytes, 0, nameLength),
        isName(bytes, 0, nameLength) && isValue(bytes, nameLength, bytes.length));
  }

  /** True for a token without upper case, or the name of a pseudo-header field. */
  static boolean isName(byte[] a, int start, int end) {
    int at = start < end && a[start] == ':' ? start + 1 : start;
    if (at == end) {
      return false;
    }
    for (int i = at; i < end; i++) {
      if (!Chars.isToken(a[i]) || (a[i] >= 'A' && a[i] <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  /** True for a value without control characters and without white space at its ends. */
  static boolean isValue(byte[] a, int start, int end) {
    return Chars.areTrimmedValue(a, start, end);
  }
}
