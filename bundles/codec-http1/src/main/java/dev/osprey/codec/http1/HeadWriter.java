package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads field by field from their offsets. Offsets of the own scanner are trusted; those of
 * any other, and fields that others have added, are validated again: a head with one bad byte is
 * refused as a whole, and what was appended of it is taken back.
 */
final class HeadWriter {
  private static final byte[] VERSION_AND_HOST = Bytes.of(" HTTP/1.1\r\nhost: ");
  private static final byte[] NOTHING = {};
  private static final byte[] CRLF = Bytes.of("\r\n");
  private static final byte[] END_OF_LINE_AND_HEAD = Bytes.of("\r\n\r\n");
  private static final byte[] COLON = Bytes.of(": ");
  private static final byte[] LENGTH = Bytes.of("content-length: ");
  private static final byte[] CHUNKED = Bytes.of("transfer-encoding: chunked");
  private static final byte[] SWITCH = Bytes.of("connection: upgrade\r\nupgrade: ");

  /** Fields of these tags are never written from a table: the writer frames for itself. */
  private static final int OF_CONNECTION =
      (1 << Tags.HOST)
          | (1 << Tags.CONTENT_LENGTH)
          | (1 << Tags.TRANSFER_ENCODING)
          | (1 << Tags.CONNECTION)
          | (1 << Tags.HOP)
          | (1 << Tags.UPGRADE);

  private final Provenance own;
  private final ResponseExtras extras;
  private int written;

  HeadWriter(Provenance own, ResponseExtras extras) {
    this.own = own;
    this.extras = extras;
  }

  /**
   * Writes a request's head; false when it was refused and nothing was written.
   *
   * @param length what to announce when the body is framed by length
   */
  boolean request(ByteBuf out, RequestHead head, BodyWriter.Framing framing, long length) {
    int begin = out.writerIndex();
    boolean fine =
        requestLine(out, head)
            && fields(out, head.fields(), OF_CONNECTION | dropOf(framing))
            && upgrade(out, head.upgrade());
    if (!fine) {
      out.writerIndex(begin);
      return false;
    }
    end(out, framing, framing == BodyWriter.Framing.LENGTH ? length : -1, NOTHING);
    return true;
  }

  /**
   * Writes a final or interim head; false when it was refused and nothing was written.
   *
   * @param framing how its body is framed
   * @param length what to announce; below 0 for nothing
   * @param connection a line to say what becomes of the connection; empty for none
   * @param requestId a line to repeat the request's id; empty for none
   */
  boolean response(
      ByteBuf out,
      ResponseHead head,
      BodyWriter.Framing framing,
      long length,
      byte[] connection,
      byte[] requestId) {
    int begin = out.writerIndex();
    int drop = (OF_CONNECTION | dropOf(framing) | extras.drop()) & ~extras.keepOf(head.status());
    if (!statusLine(out, head) || !fields(out, head.fields(), drop)) {
      out.writerIndex(begin);
      return false;
    }
    if (head.status() >= 200) {
      extras.write(out, written);
      append(out, requestId);
    }
    end(out, framing, length, connection);
    return true;
  }

  /** Writes trailers; those that may not be sent are left out. */
  void trailers(ByteBuf out, Fields trailers) {
    byte[] bytes = trailers.bytes();
    for (int i = 0; i < trailers.size(); i++) {
      if (isWellFormed(trailers, i, bytes) && isTrailer(trailers, i, bytes)) {
        field(out, trailers, i, bytes);
      }
    }
  }

  private static boolean isTrailer(Fields trailers, int i, byte[] bytes) {
    return Tags.of(bytes, trailers.nameStart(i), trailers.nameEnd(i)) == Tags.PLAIN;
  }

  private static int dropOf(BodyWriter.Framing framing) {
    return framing == BodyWriter.Framing.CHUNKED ? 0 : 1 << Tags.TRAILER;
  }

  /** Method, path and authority may have been set by anyone, so they are always looked at. */
  private static boolean requestLine(ByteBuf out, RequestHead head) {
    byte[] bytes = head.fields().bytes();
    int method = head.methodStart();
    int methodEnd = head.methodEnd();
    int path = head.pathStart();
    int pathEnd = head.pathEnd();
    int host = head.authorityStart();
    int hostEnd = head.authorityEnd();
    if (!Bytes.areWithin(bytes, method, methodEnd)
        || !Bytes.areWithin(bytes, path, pathEnd)
        || !Bytes.areWithin(bytes, host, hostEnd)
        || !Chars.areToken(bytes, method, methodEnd)
        || !Chars.areTarget(bytes, path, pathEnd)
        || !Chars.areAuthority(bytes, host, hostEnd)) {
      return false;
    }
    if (path == methodEnd + 1 && bytes[methodEnd] == ' ') {
      out.writeBytes(bytes, method, pathEnd - method);
    } else {
      out.writeBytes(bytes, method, methodEnd - method);
      out.writeByte(' ');
      out.writeBytes(bytes, path, pathEnd - path);
    }
    out.writeBytes(VERSION_AND_HOST);
    line(out, bytes, host, hostEnd);
    return true;
  }

  private static boolean statusLine(ByteBuf out, ResponseHead head) {
    byte[] bytes = head.fields().bytes();
    int reason = head.reasonStart();
    int reasonEnd = head.reasonEnd();
    int status = head.status();
    if (!Bytes.areWithin(bytes, reason, reasonEnd)
        || !Chars.areValue(bytes, reason, reasonEnd)
        || status < 100
        || status > 999) {
      return false;
    }
    byte[] usual = StatusLines.of(status);
    if (reason == reasonEnd || StatusLines.isReason(usual, bytes, reason, reasonEnd)) {
      out.writeBytes(usual);
    } else {
      out.writeBytes(usual, 0, StatusLines.REASON);
      line(out, bytes, reason, reasonEnd);
    }
    return true;
  }

  /**
   * Writes all fields but those of dropped tags; neighbours that stand as they leave, in one go.
   */
  private boolean fields(ByteBuf out, Fields fields, int drop) {
    byte[] bytes = fields.bytes();
    boolean foreign = fields.provenance() != own;
    int run = 0;
    int runEnd = 0;
    written = 0;
    for (int i = 0; i < fields.size(); i++) {
      int tag = fields.tag(i);
      if (foreign || tag < 0) {
        flush(out, bytes, run, runEnd);
        runEnd = 0;
        if (!foreignField(out, fields, i, bytes, drop)) {
          return false;
        }
      } else if ((drop & (1 << tag)) == 0) {
        written |= 1 << tag;
        boolean ready = standsAsItLeaves(fields, i, bytes);
        if (runEnd == 0 || !ready || !isNextLine(bytes, runEnd, fields.nameStart(i))) {
          flush(out, bytes, run, runEnd);
          run = fields.nameStart(i);
        }
        runEnd = ready ? fields.valueEnd(i) : 0;
        if (!ready) {
          field(out, fields, i, bytes);
        }
      }
    }
    flush(out, bytes, run, runEnd);
    return true;
  }

  /** Writes a field that the own scanner did not see; false when it is not well-formed. */
  private boolean foreignField(ByteBuf out, Fields fields, int i, byte[] bytes, int drop) {
    if (!isWellFormed(fields, i, bytes)) {
      return false;
    }
    int tag = Tags.of(bytes, fields.nameStart(i), fields.nameEnd(i));
    if ((drop & (1 << tag)) == 0) {
      written |= 1 << tag;
      field(out, fields, i, bytes);
    }
    return true;
  }

  private static void flush(ByteBuf out, byte[] bytes, int run, int runEnd) {
    if (runEnd > 0) {
      line(out, bytes, run, runEnd);
    }
  }

  /** Writes a range and a line end, in one go when one stands behind the range. */
  private static void line(ByteBuf out, byte[] bytes, int start, int end) {
    if (end + 2 <= bytes.length && bytes[end] == Chars.CR && bytes[end + 1] == Chars.LF) {
      out.writeBytes(bytes, start, end + 2 - start);
    } else {
      out.writeBytes(bytes, start, end - start);
      out.writeBytes(CRLF);
    }
  }

  /** True when exactly a colon and a space stand between name and value. */
  private static boolean standsAsItLeaves(Fields fields, int i, byte[] bytes) {
    int value = fields.valueStart(i);
    return value == fields.nameEnd(i) + 2 && bytes[value - 1] == ' ' && bytes[value - 2] == ':';
  }

  /** True when exactly a line end stands between a value and the next name. */
  private static boolean isNextLine(byte[] bytes, int valueEnd, int nameStart) {
    return nameStart == valueEnd + 2
        && bytes[valueEnd] == Chars.CR
        && bytes[valueEnd + 1] == Chars.LF;
  }

  private static void field(ByteBuf out, Fields fields, int i, byte[] bytes) {
    out.writeBytes(bytes, fields.nameStart(i), fields.nameEnd(i) - fields.nameStart(i));
    out.writeBytes(COLON);
    line(out, bytes, fields.valueStart(i), fields.valueEnd(i));
  }

  private static boolean isWellFormed(Fields fields, int i, byte[] bytes) {
    return Bytes.areWithin(bytes, fields.nameStart(i), fields.nameEnd(i))
        && Bytes.areWithin(bytes, fields.valueStart(i), fields.valueEnd(i))
        && Chars.areToken(bytes, fields.nameStart(i), fields.nameEnd(i))
        && Chars.areValue(bytes, fields.valueStart(i), fields.valueEnd(i));
  }

  private static boolean upgrade(ByteBuf out, @Nullable String wanted) {
    if (wanted == null) {
      return true;
    }
    byte[] bytes = Bytes.of(wanted);
    if (!Chars.areValue(bytes, 0, bytes.length)) {
      return false;
    }
    out.writeBytes(SWITCH).writeBytes(bytes).writeBytes(CRLF);
    return true;
  }

  private static void append(ByteBuf out, byte[] lines) {
    if (lines.length > 0) {
      out.writeBytes(lines);
    }
  }

  /** Says how the body is framed and ends the head; nothing is said of a length below 0. */
  private static void end(ByteBuf out, BodyWriter.Framing framing, long length, byte[] connection) {
    boolean framed = framing == BodyWriter.Framing.CHUNKED || length >= 0;
    if (framing == BodyWriter.Framing.CHUNKED) {
      out.writeBytes(CHUNKED);
    } else if (framed) {
      out.writeBytes(LENGTH);
      Bytes.writeDecimal(out, length);
    }
    if (framed && connection.length == 0) {
      out.writeBytes(END_OF_LINE_AND_HEAD);
    } else {
      append(out, framed ? CRLF : NOTHING);
      append(out, connection);
      out.writeBytes(CRLF);
    }
  }
}
