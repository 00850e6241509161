package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.http.common.Methods;
import dev.osprey.spi.message.RequestHead;
import org.jspecify.annotations.Nullable;

/** The four forms of a request target (RFC 9112 section 3.2). */
final class Targets {
  private static final byte[] CONNECT = Bytes.of("CONNECT");
  private static final byte[] OPTIONS = Bytes.of("OPTIONS");
  private static final byte[] HTTP = Bytes.of("http://");
  private static final byte[] HTTPS = Bytes.of("https://");

  private Targets() {}

  /**
   * Splits the target, which is the head's path, into path and authority. The authority stays empty
   * unless the target is in absolute form.
   */
  static @Nullable Fault split(RequestHead head, byte[] a) {
    int start = head.pathStart();
    if (Methods.is(head, CONNECT)) {
      return Fault.METHOD;
    }
    if (a[start] == '/') {
      return null;
    }
    if (a[start] == '*') {
      boolean alone = head.pathEnd() == start + 1;
      return alone && Methods.is(head, OPTIONS) ? null : Fault.TARGET;
    }
    return absolute(head, a, start, head.pathEnd());
  }

  private static @Nullable Fault absolute(RequestHead head, byte[] a, int start, int end) {
    int host = start;
    if (startsWith(a, start, end, HTTP)) {
      host += HTTP.length;
    } else if (startsWith(a, start, end, HTTPS)) {
      host += HTTPS.length;
    } else {
      return Fault.TARGET;
    }
    int hostEnd = host;
    while (hostEnd < end && a[hostEnd] != '/' && a[hostEnd] != '?') {
      hostEnd++;
    }
    if (host == hostEnd || !Chars.areAuthority(a, host, hostEnd)) {
      return Fault.TARGET;
    }
    head.authority(host, hostEnd);
    if (hostEnd < end && a[hostEnd] == '/') {
      head.path(hostEnd, end);
    } else if (hostEnd < end) {
      head.path("/" + head.fields().text(hostEnd, end));
    } else {
      head.path(Methods.is(head, OPTIONS) ? "*" : "/");
    }
    return null;
  }

  private static boolean startsWith(byte[] a, int start, int end, byte[] lower) {
    return end - start >= lower.length && Chars.spells(a, start, start + lower.length, lower);
  }
}
