package dev.osprey.spi.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A field name prepared for lookups that make no strings; compared without regard to ASCII case.
 * Make one per name and keep it in a static constant.
 */
public final class FieldName {
  private final String text;
  private final byte[] lower;

  private FieldName(String text) {
    this.text = text.toLowerCase(Locale.ROOT);
    this.lower = this.text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The prepared form of {@code name}, whose characters must be ISO-8859-1. */
  public static FieldName of(String name) {
    return new FieldName(name);
  }

  /** True when the bytes from {@code start} to {@code end} (exclusive) spell this name. */
  public boolean matches(byte[] bytes, int start, int end) {
    byte[] mine = lower;
    if (end - start != mine.length) {
      return false;
    }
    for (int i = 0; i < mine.length; i++) {
      int b = bytes[start + i];
      if (b != mine[i] && (b < 'A' || b > 'Z' || b + 32 != mine[i])) {
        return false;
      }
    }
    return true;
  }

  /** The name in lower case. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }
}
