package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A view of one message head inside a byte array; valid only during the call that lends it.
 *
 * <p>Nothing is copied or parsed before it is asked for.
 */
public final class HttpHead {
  private byte[] bytes = {};
  private int from;
  private int to;
  private int startLineEnd;

  void set(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    startLineEnd = lineEnd(from);
  }

  /** The request line or status line. */
  public String startLine() {
    return new String(bytes, from, startLineEnd - from, ISO_8859_1);
  }

  /** The whole head with its final empty line. */
  public String text() {
    return new String(bytes, from, to - from, ISO_8859_1);
  }

  /** The status code of a status line, or -1 if it is not one of HTTP/1. */
  public int status() {
    if (startLineEnd - from < 12 || !startsWith(from, "HTTP/1.") || bytes[from + 8] != ' ') {
      return -1;
    }
    int code = 0;
    for (int i = from + 9; i < from + 12; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      code = code * 10 + digit;
    }
    return code;
  }

  /** Whether a status or request line speaks of HTTP/1.0. */
  public boolean isHttp10() {
    return startsWith(from, "HTTP/1.0") || startsWith(startLineEnd - 8, "HTTP/1.0");
  }

  /** Whether the start line begins with a text. */
  public boolean startsWith(String text) {
    return startsWith(from, text);
  }

  /**
   * Where a field's value begins.
   *
   * @param lowerName the field's name in lower case
   * @return an index for {@link #valueIs} and {@link #value}, or -1
   */
  public int find(String lowerName) {
    int line = startLineEnd + 2;
    while (line < to - 2) {
      if (nameIs(line, lowerName)) {
        return skipSpace(line + lowerName.length() + 1);
      }
      line = lineEnd(line) + 2;
    }
    return -1;
  }

  /** The value at an index given by {@link #find}. */
  public String value(int at) {
    return new String(bytes, at, valueEnd(at) - at, ISO_8859_1);
  }

  /** Whether the value at an index is this text, letters of either case. */
  public boolean valueIs(int at, String lowerText) {
    return valueEnd(at) - at == lowerText.length() && equalsIgnoreCase(at, lowerText);
  }

  /** Whether a field is there and has this value, letters of either case. */
  public boolean has(String lowerName, String lowerValue) {
    int at = find(lowerName);
    return at >= 0 && valueIs(at, lowerValue);
  }

  /** The number at an index given by {@link #find}, or -1 if it is none. */
  public long number(int at) {
    int end = valueEnd(at);
    if (end == at || end - at > 18) {
      return -1;
    }
    long number = 0;
    for (int i = at; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether the value at an index has exactly these bytes. */
  boolean sameBytes(int at, byte[] other) {
    int end = valueEnd(at);
    return java.util.Arrays.equals(bytes, at, end, other, 0, other.length);
  }

  private boolean nameIs(int line, String lowerName) {
    int colon = line + lowerName.length();
    return colon < to && bytes[colon] == ':' && equalsIgnoreCase(line, lowerName);
  }

  private boolean equalsIgnoreCase(int at, String lower) {
    for (int i = 0; i < lower.length(); i++) {
      int b = bytes[at + i];
      int folded = b >= 'A' && b <= 'Z' ? b + 32 : b;
      if (folded != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean startsWith(int at, String text) {
    if (at < from || at + text.length() > to) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int skipSpace(int at) {
    int i = at;
    while (i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    return i;
  }

  private int valueEnd(int at) {
    int end = lineEnd(at);
    while (end > at && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
      end--;
    }
    return end;
  }

  private int lineEnd(int at) {
    int i = at;
    while (i < to - 1 && !(bytes[i] == '\r' && bytes[i + 1] == '\n')) {
      i++;
    }
    return i;
  }
}
