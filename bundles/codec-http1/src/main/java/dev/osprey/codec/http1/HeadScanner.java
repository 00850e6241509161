package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Scans heads and trailers: one pass over a byte array, every rule of RFC 9112 sections 2 to 5
 * checked on the way, offsets and tags recorded. Holds no message; one per codec instance.
 */
final class HeadScanner {
  /** The end of the head is not among the bytes. */
  static final int INCOMPLETE = 0;

  /** A rule is broken: see {@link #fault}. */
  static final int BAD = -1;

  /** What the fields of the last head say. */
  final HeadFacts facts = new HeadFacts();

  private final StartLine line;
  private final int maxFields;
  private @Nullable Fault fault;

  HeadScanner(Limits limits) {
    this.line = new StartLine(limits.maxTargetBytes());
    this.maxFields = limits.maxFields();
  }

  /** The broken rule, after {@link #BAD}. */
  Fault fault() {
    Fault broken = fault;
    return broken == null ? Fault.REQUEST_LINE : broken;
  }

  /** The minor version of the last start line. */
  int minorVersion() {
    return line.minorVersion;
  }

  /**
   * Scans a request's head at the begin of the bytes.
   *
   * @return the head's length, {@link #INCOMPLETE} or {@link #BAD}
   */
  int request(RequestHead head, int limit) {
    facts.clear();
    Fields fields = head.fields();
    int at = line.request(head, fields.bytes(), limit);
    return at > 0 ? fields(fields, at, limit) : stopped(at, line.fault);
  }

  /** As {@link #request}, for a response. */
  int response(ResponseHead head, int limit) {
    facts.clear();
    Fields fields = head.fields();
    int at = line.response(head, fields.bytes(), limit);
    if (at <= 0) {
      return stopped(at, line.fault);
    }
    if (head.status() == 101 || head.status() == 426) {
      facts.keepUpgradeField();
    }
    return fields(fields, at, limit);
  }

  /** Says what is too large of a head whose end does not come; always {@link #BAD}. */
  int tooLarge(ByteBuf in) {
    return stopped(
        BAD, in.bytesBefore(Chars.LF) < 0 ? Fault.TARGET_TOO_LONG : Fault.HEAD_TOO_LARGE);
  }

  /** Scans a trailer section, which has no start line. */
  int trailers(Fields fields, int limit) {
    facts.clear();
    return fields(fields, 0, limit);
  }

  private int fields(Fields fields, int from, int limit) {
    byte[] a = fields.bytes();
    int at = from;
    for (int seen = 0; ; seen++) {
      if (at == limit || (at + 1 == limit && a[at] == Chars.CR)) {
        return INCOMPLETE;
      }
      if (a[at] == Chars.CR) {
        return a[at + 1] == Chars.LF ? finish(fields, at + 2) : stopped(BAD, Fault.BARE_CR);
      }
      if (seen == maxFields) {
        return stopped(BAD, Fault.TOO_MANY_FIELDS);
      }
      at = field(fields, a, at, limit);
      if (at <= 0) {
        return at;
      }
    }
  }

  private int field(Fields fields, byte[] a, int nameStart, int limit) {
    int nameEnd = nameStart;
    while (nameEnd < limit && Chars.isToken(a[nameEnd])) {
      nameEnd++;
    }
    if (nameEnd == limit) {
      return INCOMPLETE;
    }
    if (a[nameEnd] != ':' || nameEnd == nameStart) {
      return badName(a, nameStart, nameEnd);
    }
    int valueStart = Chars.skipSpace(a, nameEnd + 1, limit);
    int lineEnd = Chars.valueEnd(a, valueStart, limit);
    if (lineEnd + 1 >= limit) {
      return lineEnd == limit || a[lineEnd] == Chars.CR ? INCOMPLETE : badValue(a, lineEnd);
    }
    if (a[lineEnd] != Chars.CR || a[lineEnd + 1] != Chars.LF) {
      return badValue(a, lineEnd);
    }
    int valueEnd = Chars.trim(a, valueStart, lineEnd);
    int tag = Tags.of(a, nameStart, nameEnd);
    if (tag == Tags.PLAIN || facts.note(tag, a, valueStart, valueEnd)) {
      fields.scanned(nameStart, nameEnd, valueStart, valueEnd, tag);
    }
    return lineEnd + 2;
  }

  private int finish(Fields fields, int end) {
    if (facts.fault != null) {
      return stopped(BAD, facts.fault);
    }
    if (facts.nominates) {
      Nominations.remove(fields);
    }
    return end;
  }

  private int badName(byte[] a, int start, int at) {
    if (at == start) {
      boolean space = a[at] == ' ' || a[at] == Chars.TAB;
      return stopped(
          BAD, space ? Fault.OBS_FOLD : a[at] == Chars.LF ? Fault.BARE_LF : Fault.FIELD_NAME);
    }
    return stopped(
        BAD,
        switch (a[at]) {
          case ' ', Chars.TAB -> Fault.SPACE_BEFORE_COLON;
          case Chars.CR, Chars.LF -> Fault.NO_COLON;
          default -> Fault.FIELD_NAME;
        });
  }

  private int badValue(byte[] a, int at) {
    return stopped(
        BAD,
        switch (a[at]) {
          case Chars.CR -> Fault.BARE_CR;
          case Chars.LF -> Fault.BARE_LF;
          default -> Fault.CONTROL_CHARACTER;
        });
  }

  private int stopped(int result, @Nullable Fault why) {
    fault = why;
    return result;
  }
}
