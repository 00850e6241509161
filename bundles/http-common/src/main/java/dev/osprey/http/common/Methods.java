package dev.osprey.http.common;

import dev.osprey.spi.message.RequestHead;

/** What a request's method means (RFC 9110 section 9). */
public final class Methods {
  private static final byte[] HEAD = Bytes.of("HEAD");
  private static final byte[][] IDEMPOTENT = {
    Bytes.of("GET"),
    HEAD,
    Bytes.of("PUT"),
    Bytes.of("DELETE"),
    Bytes.of("OPTIONS"),
    Bytes.of("TRACE")
  };

  private Methods() {}

  /** True when the answer has no body. */
  public static boolean isHead(RequestHead head) {
    return is(head, HEAD);
  }

  /** True when doing it twice is as doing it once. */
  public static boolean isIdempotent(RequestHead head) {
    return isAmong(head, IDEMPOTENT);
  }

  /** True when the method is one of these. */
  public static boolean isAmong(RequestHead head, byte[][] methods) {
    for (byte[] method : methods) {
      if (is(head, method)) {
        return true;
      }
    }
    return false;
  }

  /** True when the method is this one; methods are case-sensitive. */
  public static boolean is(RequestHead head, byte[] method) {
    return Bytes.are(head.fields().bytes(), head.methodStart(), head.methodEnd(), method);
  }
}
