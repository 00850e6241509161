package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Scans request lines and status lines (RFC 9112 sections 3 and 4). */
final class StartLine {
  private static final int VERSION_LENGTH = 8;

  /** The broken rule, after {@link HeadScanner#BAD}. */
  @Nullable Fault fault;

  /** The minor version of HTTP/1 of the last line: 0, or 1 for anything newer. */
  int minorVersion;

  private final int maxTargetBytes;

  StartLine(int maxTargetBytes) {
    this.maxTargetBytes = maxTargetBytes;
  }

  /** Scans a request line; returns the offset behind it, or why there is none. */
  int request(RequestHead head, byte[] a, int limit) {
    int methodEnd = 0;
    while (methodEnd < limit && Chars.isToken(a[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == limit) {
      return methodEnd > maxTargetBytes ? bad(Fault.TARGET_TOO_LONG) : HeadScanner.INCOMPLETE;
    }
    if (methodEnd == 0 || a[methodEnd] != ' ') {
      return bad(lineFault(a[methodEnd]));
    }
    int target = methodEnd + 1;
    int targetEnd = Chars.targetEnd(a, target, limit);
    if (targetEnd - target > maxTargetBytes) {
      return bad(Fault.TARGET_TOO_LONG);
    }
    if (targetEnd == limit) {
      return HeadScanner.INCOMPLETE;
    }
    if (targetEnd == target || a[targetEnd] != ' ') {
      return bad(lineFault(a[targetEnd]));
    }
    head.method(0, methodEnd);
    head.path(target, targetEnd);
    return endOfRequestLine(head, a, targetEnd + 1, limit);
  }

  private int endOfRequestLine(RequestHead head, byte[] a, int version, int limit) {
    int end = version + VERSION_LENGTH;
    if (end + 2 > limit) {
      return startsVersion(a, version, limit) && !isLineEnded(a, version, limit)
          ? HeadScanner.INCOMPLETE
          : bad(Fault.VERSION);
    }
    Fault wrong = version(a, version);
    if (wrong != null) {
      return bad(wrong);
    }
    if (a[end] != Chars.CR || a[end + 1] != Chars.LF) {
      return bad(a[end] == Chars.LF ? Fault.BARE_LF : Fault.REQUEST_LINE);
    }
    head.protocol(minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1");
    Fault target = Targets.split(head, a);
    return target == null ? end + 2 : bad(target);
  }

  /** Scans a status line; returns the offset behind it, or why there is none. */
  int response(ResponseHead head, byte[] a, int limit) {
    int at = VERSION_LENGTH + 4;
    if (at + 2 > limit) {
      return startsVersion(a, 0, limit) && !isLineEnded(a, 0, limit)
          ? HeadScanner.INCOMPLETE
          : bad(Fault.STATUS_LINE);
    }
    if (version(a, 0) != null || a[VERSION_LENGTH] != ' ') {
      return bad(Fault.STATUS_LINE);
    }
    int status = digits(a, VERSION_LENGTH + 1);
    if (status < 100 || (a[at] != ' ' && a[at] != Chars.CR)) {
      return bad(Fault.STATUS_LINE);
    }
    int reason = a[at] == ' ' ? at + 1 : at;
    int end = Chars.valueEnd(a, reason, limit);
    if (end + 1 >= limit && (end == limit || a[end] == Chars.CR)) {
      return HeadScanner.INCOMPLETE;
    }
    if (a[end] != Chars.CR || a[end + 1] != Chars.LF) {
      return bad(a[end] == Chars.LF ? Fault.BARE_LF : Fault.STATUS_LINE);
    }
    head.status(status);
    head.reason(reason, end);
    head.protocol(minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1");
    return end + 2;
  }

  /** Reads {@code HTTP/1.x}; sets the minor version. */
  private @Nullable Fault version(byte[] a, int at) {
    if (!startsVersion(a, at, at + 5)
        || a[at + 6] != '.'
        || !digit(a[at + 5])
        || !digit(a[at + 7])) {
      return Fault.VERSION;
    }
    minorVersion = Math.min(1, a[at + 7] - '0');
    return a[at + 5] == '1' ? null : Fault.VERSION_UNKNOWN;
  }

  /** True when the bytes up to {@code limit} may begin a protocol version of HTTP. */
  private static boolean startsVersion(byte[] a, int at, int limit) {
    for (int i = 0; i < 5 && at + i < limit; i++) {
      if (a[at + i] != "HTTP/".charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLineEnded(byte[] a, int at, int limit) {
    for (int i = at; i < limit; i++) {
      if (a[i] == Chars.LF) {
        return true;
      }
    }
    return false;
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Three digits as a number; -1 when there is anything else. */
  private static int digits(byte[] a, int at) {
    return digit(a[at]) && digit(a[at + 1]) && digit(a[at + 2])
        ? (a[at] - '0') * 100 + (a[at + 1] - '0') * 10 + a[at + 2] - '0'
        : -1;
  }

  private static Fault lineFault(byte b) {
    return switch (b) {
      case Chars.LF -> Fault.BARE_LF;
      case Chars.CR -> Fault.VERSION;
      default -> Fault.REQUEST_LINE;
    };
  }

  private int bad(Fault why) {
    fault = why;
    return HeadScanner.BAD;
  }
}
