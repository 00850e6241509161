package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads as field blocks from their offsets. Offsets of the own reader are trusted; those of
 * any other, and fields that others have added, are validated, brought to lower case and freed of
 * what belongs to a connection of HTTP/1. A head with one bad byte is refused as a whole; the
 * caller takes back what was written of it.
 */
final class HeadWriter {
  private static final byte[] GET = Bytes.of("GET");
  private static final byte[] POST = Bytes.of("POST");
  private static final byte[] CONNECT = Bytes.of("CONNECT");
  private static final byte[] TRAILERS = Bytes.of("trailers");
  private static final byte[] PROTOCOL = Bytes.of(":protocol");

  private static final boolean[] NOTHING = Names.set();
  private static final boolean[] KEY = Names.set(Names.WEBSOCKET_KEY);
  private static final boolean[] TRAILER_DROPS = Names.set(Names.TE);

  private final Provenance own;
  private final ResponseExtras extras;
  private final byte[] name = new byte[64];

  HeadWriter(Provenance own, ResponseExtras extras) {
    this.own = own;
    this.extras = extras;
  }

  /**
   * Writes a request's head; false when it must not be forwarded.
   *
   * @param protocol what an extended CONNECT asks for (RFC 8441); empty for an ordinary request
   */
  boolean request(ByteBuf out, RequestHead head, boolean end, byte[] protocol) {
    byte[] bytes = head.fields().bytes();
    int authority = head.authorityStart();
    int authorityEnd = head.authorityEnd();
    if (!method(out, head, bytes, protocol)) {
      return false;
    }
    HpackWriter.indexed(out, head.scheme().equals("https") ? Names.SCHEME + 1 : Names.SCHEME);
    if (!path(out, bytes, head.pathStart(), head.pathEnd())
        || !Bytes.areWithin(bytes, authority, authorityEnd)
        || !Chars.areAuthority(bytes, authority, authorityEnd)) {
      return false;
    }
    if (authority < authorityEnd) {
      HpackWriter.named(out, Names.AUTHORITY);
      HpackWriter.string(out, bytes, authority, authorityEnd);
    }
    if (!fields(out, head.fields(), protocol.length == 0 ? NOTHING : KEY)) {
      return false;
    }
    length(out, protocol.length == 0 ? requestLength(head, end, bytes) : Head.UNKNOWN_LENGTH);
    return true;
  }

  private static long requestLength(RequestHead head, boolean end, byte[] bytes) {
    boolean silent = end && !Bytes.are(bytes, head.methodStart(), head.methodEnd(), POST);
    return end ? (silent ? Head.UNKNOWN_LENGTH : 0) : Math.max(head.bodyLength(), -1);
  }

  private static boolean method(ByteBuf out, RequestHead head, byte[] bytes, byte[] protocol) {
    int start = head.methodStart();
    int end = head.methodEnd();
    if (!Bytes.areWithin(bytes, start, end) || !Chars.areToken(bytes, start, end)) {
      return false;
    }
    if (protocol.length > 0) {
      HpackWriter.named(out, Names.METHOD);
      HpackWriter.string(out, CONNECT, 0, CONNECT.length);
      HpackWriter.newName(out, PROTOCOL, PROTOCOL.length);
      HpackWriter.string(out, protocol, 0, protocol.length);
    } else if (Bytes.are(bytes, start, end, GET)) {
      HpackWriter.indexed(out, Names.METHOD);
    } else if (Bytes.are(bytes, start, end, POST)) {
      HpackWriter.indexed(out, Names.METHOD + 1);
    } else {
      HpackWriter.named(out, Names.METHOD);
      HpackWriter.string(out, bytes, start, end);
    }
    return true;
  }

  private static boolean path(ByteBuf out, byte[] bytes, int start, int end) {
    if (!Bytes.areWithin(bytes, start, end) || !Chars.areTarget(bytes, start, end)) {
      return false;
    }
    if (end - start == 1 && bytes[start] == '/') {
      HpackWriter.indexed(out, Names.PATH);
    } else {
      HpackWriter.named(out, Names.PATH);
      HpackWriter.string(out, bytes, start, end);
    }
    return true;
  }

  /**
   * Writes a final or interim head; false when it must not be forwarded.
   *
   * @param status what to say in place of the head's own
   * @param length what to announce; below 0 for nothing
   * @param requestId the request's, to be repeated; null for nothing
   */
  boolean response(
      ByteBuf out, ResponseHead head, int status, long length, byte @Nullable [] requestId) {
    if (status < 100 || status > 999) {
      return false;
    }
    status(out, status);
    boolean last = status >= 200;
    boolean[] whole = head.opensTunnel() ? extras.tunnelDrops() : extras.drops();
    boolean[] drop = last ? whole : NOTHING;
    if (!fields(out, head.fields(), drop)) {
      return false;
    }
    if (last) {
      extras.write(out, head.fields(), requestId);
    }
    length(out, length);
    return true;
  }

  /** Writes a status. */
  static void status(ByteBuf out, int status) {
    int index =
        switch (status) {
          case 200 -> 8;
          case 204 -> 9;
          case 206 -> 10;
          case 304 -> 11;
          case 400 -> 12;
          case 404 -> 13;
          case 500 -> 14;
          default -> 0;
        };
    if (index > 0) {
      HpackWriter.indexed(out, index);
    } else {
      HpackWriter.named(out, Names.STATUS);
      HpackWriter.decimal(out, status);
    }
  }

  /** Writes trailers, without those that may not be sent; the number of those written. */
  int trailers(ByteBuf out, Fields trailers) {
    byte[] bytes = trailers.bytes();
    int written = 0;
    for (int i = 0; i < trailers.size(); i++) {
      int before = out.writerIndex();
      boolean fine = foreignField(out, trailers, i, bytes, TRAILER_DROPS);
      written += fine && out.writerIndex() > before ? 1 : 0;
    }
    return written;
  }

  private static void length(ByteBuf out, long length) {
    if (length >= 0) {
      HpackWriter.named(out, Names.CONTENT_LENGTH);
      HpackWriter.decimal(out, length);
    }
  }

  private boolean fields(ByteBuf out, Fields fields, boolean[] drop) {
    byte[] bytes = fields.bytes();
    boolean foreign = isForeign(fields);
    for (int i = 0; i < fields.size(); i++) {
      int tag = fields.tag(i);
      if (foreign || tag < 0) {
        if (!foreignField(out, fields, i, bytes, drop)) {
          return false;
        }
      } else if (!drop[tag & Names.TAG]) {
        HpackWriter.field(
            out,
            bytes,
            tag,
            fields.nameStart(i),
            fields.nameEnd(i),
            fields.valueStart(i),
            fields.valueEnd(i));
      }
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // the mark is compared by identity
  private boolean isForeign(Fields fields) {
    return fields.provenance() != own;
  }

  /** Writes a field that the own reader did not see; false when it is not well-formed. */
  private boolean foreignField(ByteBuf out, Fields fields, int i, byte[] bytes, boolean[] drop) {
    int nameStart = fields.nameStart(i);
    int length = fields.nameEnd(i) - nameStart;
    if (!Bytes.areWithin(bytes, nameStart, fields.nameEnd(i))
        || !Bytes.areWithin(bytes, fields.valueStart(i), fields.valueEnd(i))) {
      return false;
    }
    int start = Chars.skipSpace(bytes, fields.valueStart(i), fields.valueEnd(i));
    int end = Chars.trim(bytes, start, fields.valueEnd(i));
    if (!Chars.areToken(bytes, nameStart, nameStart + length)
        || !Chars.areValue(bytes, start, end)) {
      return false;
    }
    byte[] lower = lower(bytes, nameStart, length);
    int tag = Names.of(lower, 0, length);
    if (mayPass(tag, bytes, start, end) && !drop[tag]) {
      HpackWriter.name(out, tag | neverIndexed(fields, i), lower, length);
      HpackWriter.string(out, bytes, start, end);
    }
    return true;
  }

  /** The one flag that is taken on trust: at worst the next hop spares its table. */
  static int neverIndexed(Fields fields, int i) {
    int tag = fields.tag(i);
    return tag < 0 ? 0 : tag & Names.NEVER_INDEXED;
  }

  /** False for fields that frame the message or belong to one connection. */
  private static boolean mayPass(int tag, byte[] bytes, int start, int end) {
    return switch (tag) {
      case Names.HOST, Names.CONTENT_LENGTH -> false;
      case Names.TE -> Chars.spells(bytes, start, end, TRAILERS);
      default -> !Names.isOfConnection(tag);
    };
  }

  private byte[] lower(byte[] bytes, int start, int length) {
    // A name of no usual length is not kept for the connection's life.
    byte[] lower = length <= name.length ? name : new byte[length];
    for (int i = 0; i < length; i++) {
      lower[i] = (byte) Chars.lower(bytes[start + i]);
    }
    return lower;
  }
}
