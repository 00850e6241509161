package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.http.common.ForwardedFields;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Makes heads of decoded blocks and checks their pseudo-header fields (RFC 9113 section 8.3). */
final class HeadReader {
  private static final byte[] HTTP = Bytes.of("http");
  private static final byte[] HTTPS = Bytes.of("https");
  private static final byte[] HTTP_PORT = Bytes.of(":80");
  private static final byte[] HTTPS_PORT = Bytes.of(":443");
  private static final byte[] CONNECT = Bytes.of("CONNECT");
  private static final byte[] WEBSOCKET = Bytes.of("websocket");
  static final FieldName KEY = FieldName.of("sec-websocket-key");
  private static final byte[] OPTIONS = Bytes.of("OPTIONS");
  private static final int STATUS_DIGITS = 3;

  private final Provenance own;

  HeadReader(Provenance own) {
    this.own = own;
  }

  /**
   * Completes a request's head; gives the broken rule. Of a broken one the head holds what is good
   * enough for a log.
   *
   * @param end true when the head is the whole request
   * @param offersConnect extended CONNECT is allowed (RFC 8441); it becomes what HTTP/1 says for it
   * @param scheme as the connection has it
   */
  @Nullable Fault request(
      FieldBlock block,
      RequestHead head,
      boolean end,
      boolean offersConnect,
      String scheme,
      ForwardedFields forwarded) {
    head.clear();
    int used = block.used();
    Fault fault = block.fault();
    if (fault == null) {
      fault = pseudo(block, offersConnect);
    }
    boolean tunnel = fault == null && block.has(Names.PROTOCOL);
    if (tunnel) {
      fault = tunnel(block, end);
    } else if (fault == null && end && block.contentLength > 0) {
      fault = Fault.BODY_LENGTH;
    }
    Fields fields = head.fields();
    block.copyTo(fields, own, fault == null ? forwarded.length() : 0);
    used = Math.max(used, block.used());
    target(block, head);
    head.scheme(scheme);
    head.protocol("HTTP/2");
    head.bodyLength(end ? 0 : block.contentLength < 0 ? Head.UNKNOWN_LENGTH : block.contentLength);
    if (fault == null) {
      forwarded.addTo(
          fields,
          used,
          block.saw(Names.FORWARDED_FOR),
          block.saw(Names.FORWARDED_PROTO),
          block.saw(Names.REQUEST_ID));
      if (tunnel) {
        asUpgrade(head);
      }
    }
    return fault;
  }

  private static @Nullable Fault tunnel(FieldBlock block, boolean end) {
    int start = block.starts[Names.PROTOCOL];
    if (!Chars.spells(block.bytes(), start, block.ends[Names.PROTOCOL], WEBSOCKET)) {
      return Fault.PROTOCOL_UNKNOWN;
    }
    return end ? Fault.TUNNEL_END : null;
  }

  /** Makes it the handshake of RFC 6455, whose key no client of HTTP/2 sends. */
  private static void asUpgrade(RequestHead head) {
    head.method("GET");
    head.upgrade("websocket");
    head.bodyLength(0);
    head.fields().set(KEY, WebSockets.key());
  }

  private static void target(FieldBlock block, RequestHead head) {
    if (block.has(Names.METHOD)) {
      head.method(block.starts[Names.METHOD], block.ends[Names.METHOD]);
    }
    if (block.has(Names.PATH)) {
      head.path(block.starts[Names.PATH], block.ends[Names.PATH]);
    }
    if (block.has(Names.AUTHORITY)) {
      head.authority(block.starts[Names.AUTHORITY], block.ends[Names.AUTHORITY]);
    } else if (block.hostStart >= 0) {
      head.authority(block.hostStart, block.hostEnd);
    }
  }

  private static @Nullable Fault pseudo(FieldBlock block, boolean offersConnect) {
    byte[] a = block.bytes();
    if (!block.has(Names.METHOD)) {
      return Fault.PSEUDO_MISSING;
    }
    int method = block.starts[Names.METHOD];
    int methodEnd = block.ends[Names.METHOD];
    if (!Chars.areToken(a, method, methodEnd)) {
      return Fault.METHOD;
    }
    boolean connect = Bytes.are(a, method, methodEnd, CONNECT);
    if (block.has(Names.PROTOCOL) && !(connect && offersConnect)) {
      return Fault.PROTOCOL;
    }
    if (connect && !block.has(Names.PROTOCOL)) {
      boolean more = block.has(Names.PATH) || block.has(Names.SCHEME);
      return more || !block.has(Names.AUTHORITY) ? Fault.PSEUDO_UNKNOWN : Fault.CONNECT;
    }
    if (!block.has(Names.PATH) || !block.has(Names.SCHEME)) {
      return Fault.PSEUDO_MISSING;
    }
    int scheme = block.starts[Names.SCHEME];
    int schemeEnd = block.ends[Names.SCHEME];
    if (!Chars.spells(a, scheme, schemeEnd, HTTP) && !Chars.spells(a, scheme, schemeEnd, HTTPS)) {
      return Fault.SCHEME;
    }
    boolean secure = schemeEnd - scheme == HTTPS.length;
    return path(block, a, Bytes.are(a, method, methodEnd, OPTIONS))
        ? authority(block, secure ? HTTPS_PORT : HTTP_PORT)
        : Fault.PATH;
  }

  private static boolean path(FieldBlock block, byte[] a, boolean options) {
    int path = block.starts[Names.PATH];
    int end = block.ends[Names.PATH];
    return Chars.areTarget(a, path, end)
        && (a[path] == '/' || (options && end - path == 1 && a[path] == '*'));
  }

  private static @Nullable Fault authority(FieldBlock block, byte[] usualPort) {
    byte[] a = block.bytes();
    boolean named = block.has(Names.AUTHORITY);
    boolean hosted = block.hostStart >= 0;
    if (!named && !hosted) {
      return Fault.NO_AUTHORITY;
    }
    int start = named ? block.starts[Names.AUTHORITY] : block.hostStart;
    int end = named ? block.ends[Names.AUTHORITY] : block.hostEnd;
    if (start == end || !Chars.areAuthority(a, start, end)) {
      return Fault.AUTHORITY;
    }
    return named && hosted && !same(a, start, end, block.hostStart, block.hostEnd, usualPort)
        ? Fault.HOST_DIFFERS
        : null;
  }

  /** Compares as RFC 3986 section 6.2.3 has it: the port of the scheme is as good as none. */
  private static boolean same(
      byte[] a, int start, int end, int otherStart, int otherEnd, byte[] usualPort) {
    int length = withoutPort(a, start, end, usualPort) - start;
    return length == withoutPort(a, otherStart, otherEnd, usualPort) - otherStart
        && same(a, start, otherStart, length);
  }

  private static int withoutPort(byte[] a, int start, int end, byte[] usualPort) {
    int colon = end - 1;
    while (colon > start && a[colon] >= '0' && a[colon] <= '9') {
      colon--;
    }
    // What is in brackets ends in one: "[::80]" has no port.
    boolean usual = end - colon == 1 || Bytes.are(a, colon, end, usualPort);
    return colon > start && a[colon] == ':' && usual ? colon : end;
  }

  private static boolean same(byte[] a, int start, int otherStart, int length) {
    for (int i = 0; i < length; i++) {
      if (Chars.lower(a[start + i]) != Chars.lower(a[otherStart + i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Completes a response's head but for the length of its body; gives the broken rule.
   *
   * @param end true when nothing follows
   */
  @Nullable Fault response(FieldBlock block, ResponseHead head, boolean end) {
    head.clear();
    if (block.fault() != null) {
      return block.fault();
    }
    int status = block.has(Names.STATUS) ? status(block) : 0;
    // A 101 has no meaning here (section 8.6).
    if (status < 100 || status == 101) {
      return block.has(Names.STATUS) ? Fault.STATUS : Fault.PSEUDO_MISSING;
    }
    if (status < 200 && end) {
      return Fault.INTERIM_END;
    }
    block.copyTo(head.fields(), own, 0);
    head.status(status);
    head.protocol("HTTP/2");
    return null;
  }

  private static int status(FieldBlock block) {
    byte[] a = block.bytes();
    int start = block.starts[Names.STATUS];
    if (block.ends[Names.STATUS] - start != STATUS_DIGITS) {
      return 0;
    }
    int status = 0;
    for (int i = start; i < start + STATUS_DIGITS; i++) {
      if (a[i] < '0' || a[i] > '9') {
        return 0;
      }
      status = status * 10 + a[i] - '0';
    }
    return status;
  }
}
