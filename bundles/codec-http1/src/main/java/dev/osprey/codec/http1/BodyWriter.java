package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;

/** Frames the body of one message on its way out: by length, in chunks, or by the connection. */
final class BodyWriter {
  private static final byte[] HEX = Bytes.of("0123456789abcdef");
  private static final byte[] CRLF = Bytes.of("\r\n");
  private static final byte[] LAST_CHUNK = Bytes.of("0\r\n\r\n");
  private static final byte[] LAST_CHUNK_SIZE = Bytes.of("0\r\n");
  private static final byte[] AFTER_LAST_DATA = Bytes.of("\r\n0\r\n\r\n");

  /** How the end of the body is told. Ordinals are part of the state record: append only. */
  enum Framing {
    /** There is no body; what comes is dropped. */
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final Framing[] ALL = Framing.values();

  private Framing framing = Framing.NONE;
  private long remaining;

  Framing framing() {
    return framing;
  }

  /** Bytes of the announced length that are still to come. */
  long remaining() {
    return remaining;
  }

  /** Begins a body. */
  void begin(Framing with, long length) {
    framing = with;
    remaining = length;
  }

  /**
   * Writes body bytes, which it takes over.
   *
   * @return false when they do not fit the announced length; nothing more may be written then
   */
  boolean data(CodecHost host, ByteBuf data, boolean end) {
    int length = data.readableBytes();
    if (length == 0 || framing == Framing.NONE) {
      data.release();
      return !end || end(host);
    }
    switch (framing) {
      case NONE -> throw new IllegalStateException("dropped above");
      case UNTIL_CLOSE -> host.write(data);
      case CHUNKED -> chunk(host, data, length, end);
      case LENGTH -> {
        if (length > remaining) {
          data.release();
          return false;
        }
        remaining -= length;
        host.write(data);
        return !end || remaining == 0;
      }
    }
    return true;
  }

  /** Ends the body with trailers; they are dropped where the framing has no place for them. */
  boolean trailers(CodecHost host, Fields trailers, HeadWriter writer) {
    if (framing != Framing.CHUNKED) {
      return end(host);
    }
    ByteBuf out = host.out();
    out.writeBytes(LAST_CHUNK_SIZE);
    writer.trailers(out, trailers);
    out.writeBytes(CRLF);
    return true;
  }

  private boolean end(CodecHost host) {
    if (framing == Framing.CHUNKED) {
      host.out().writeBytes(LAST_CHUNK);
    }
    return framing != Framing.LENGTH || remaining == 0;
  }

  private static void chunk(CodecHost host, ByteBuf data, int length, boolean end) {
    size(host.out(), length);
    host.write(data);
    host.out().writeBytes(end ? AFTER_LAST_DATA : CRLF);
  }

  private static void size(ByteBuf out, int length) {
    int shift = (31 - Integer.numberOfLeadingZeros(length)) & ~3;
    for (; shift >= 0; shift -= 4) {
      out.writeByte(HEX[length >>> shift & 15]);
    }
    out.writeBytes(CRLF);
  }

  /** Writes the state into a record. */
  void save(StateWriter record) {
    record.choice(framing).number(remaining);
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    framing = record.choice(ALL);
    remaining = record.number();
  }
}
