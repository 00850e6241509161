package dev.osprey.codec.http2;

import dev.osprey.spi.message.RequestHead;
import java.util.Arrays;

/** What a request's method means (RFC 9110 section 9). */
final class Methods {
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
  static boolean isHead(RequestHead head) {
    return is(head, HEAD);
  }

  /** True when doing it twice is as doing it once. */
  static boolean isIdempotent(RequestHead head) {
    for (byte[] method : IDEMPOTENT) {
      if (is(head, method)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(RequestHead head, byte[] method) {
    byte[] bytes = head.fields().bytes();
    return Arrays.equals(bytes, head.methodStart(), head.methodEnd(), method, 0, method.length);
  }
}
