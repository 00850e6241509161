package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.Fields;

/** Removes the fields that Connection fields name (RFC 9110 section 7.6.1). */
final class Nominations {
  private Nominations() {}

  /** Removes all Connection fields of the table and every field they name. */
  static void remove(Fields fields) {
    int at = connection(fields);
    while (at >= 0) {
      int start = fields.valueStart(at);
      int end = fields.valueEnd(at);
      fields.removeAt(at);
      removeListed(fields, start, end);
      at = connection(fields);
    }
  }

  private static int connection(Fields fields) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.tag(i) == Tags.CONNECTION) {
        return i;
      }
    }
    return -1;
  }

  private static void removeListed(Fields fields, int start, int end) {
    byte[] a = fields.bytes();
    int at = start;
    while (at < end) {
      int itemEnd = HeadFacts.optionEnd(a, at, end);
      int itemStart = Chars.skipSpace(a, at, itemEnd);
      removeNamed(fields, itemStart, Chars.trim(a, itemStart, itemEnd));
      at = itemEnd + 1;
    }
  }

  private static void removeNamed(Fields fields, int start, int end) {
    for (int i = fields.size() - 1; i >= 0; i--) {
      if (fields.tag(i) != Tags.CONNECTION && named(fields, i, start, end)) {
        fields.removeAt(i);
      }
    }
  }

  private static boolean named(Fields fields, int index, int start, int end) {
    byte[] a = fields.bytes();
    int nameStart = fields.nameStart(index);
    if (fields.nameEnd(index) - nameStart != end - start) {
      return false;
    }
    for (int i = 0; i < end - start; i++) {
      if (Chars.lower(a[start + i]) != Chars.lower(a[nameStart + i])) {
        return false;
      }
    }
    return true;
  }
}
