package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * One side's bytes of a connection, written frame by frame: what the corpus is made of. Fields
 * enter the peer's table where their name begins with {@code +}.
 */
final class FrameBytes {
  private static final byte[] PREFACE = Bytes.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  private static final int WITH_INDEXING = 0x40;
  private static final int INDEXED = 0x80;

  private final ByteBuf out = Unpooled.buffer();

  private FrameBytes() {}

  /** A client's, with preface and settings. */
  static FrameBytes client() {
    FrameBytes bytes = new FrameBytes();
    bytes.out.writeBytes(PREFACE);
    return bytes.settings();
  }

  /** A server's, with settings. */
  static FrameBytes server() {
    return new FrameBytes().settings();
  }

  /** Nothing yet. */
  static FrameBytes none() {
    return new FrameBytes();
  }

  byte[] toBytes() {
    return ByteBufUtil.getBytes(out);
  }

  /** SETTINGS with pairs of number and value. */
  FrameBytes settings(int... pairs) {
    Frames.header(out, pairs.length / 2 * Frames.SETTING_BYTES, Frames.SETTINGS, 0, 0);
    for (int i = 0; i < pairs.length; i += 2) {
      PeerSettings.write(out, pairs[i], pairs[i + 1]);
    }
    return this;
  }

  /** Any frame. */
  FrameBytes frame(int type, int flags, int stream, byte... payload) {
    Frames.header(out, payload.length, type, flags, stream);
    out.writeBytes(payload);
    return this;
  }

  /** A head in one frame; pairs of name and value. */
  FrameBytes head(int stream, boolean end, String... fields) {
    int flags = Frames.END_HEADERS | (end ? Frames.END_STREAM : 0);
    return frame(Frames.HEADERS, flags, stream, block(fields));
  }

  /** A GET of that path. */
  FrameBytes get(int stream, String path, String... fields) {
    return head(stream, true, request("GET", path, fields));
  }

  /** The head of a POST to that path. */
  FrameBytes post(int stream, String path, String... fields) {
    return head(stream, false, request("POST", path, fields));
  }

  /** The pseudo-header fields of a request, and more fields. */
  static String[] request(String method, String path, String... fields) {
    String[] all = {":method", method, ":scheme", "http", ":path", path, ":authority", "a"};
    return join(all, fields);
  }

  /** The head of a response. */
  FrameBytes answer(int stream, int status, boolean end, String... fields) {
    return head(stream, end, join(new String[] {":status", String.valueOf(status)}, fields));
  }

  /** A head cut into frames of that many bytes. */
  FrameBytes headInParts(int stream, boolean end, int size, String... fields) {
    byte[] block = block(fields);
    for (int at = 0; at < block.length; at += size) {
      int to = Math.min(block.length, at + size);
      int flags = to == block.length ? Frames.END_HEADERS : 0;
      frame(
          at == 0 ? Frames.HEADERS : Frames.CONTINUATION,
          at == 0 && end ? flags | Frames.END_STREAM : flags,
          stream,
          java.util.Arrays.copyOfRange(block, at, to));
    }
    return this;
  }

  /** Body bytes. */
  FrameBytes data(int stream, String text, boolean end) {
    return frame(Frames.DATA, end ? Frames.END_STREAM : 0, stream, Bytes.of(text));
  }

  /** Body bytes with padding. */
  FrameBytes padded(int stream, String text, int padding, boolean end) {
    byte[] payload = new byte[1 + text.length() + padding];
    payload[0] = (byte) padding;
    System.arraycopy(Bytes.of(text), 0, payload, 1, text.length());
    return frame(Frames.DATA, Frames.PADDED | (end ? Frames.END_STREAM : 0), stream, payload);
  }

  FrameBytes reset(int stream, ErrorCode code) {
    return frame(Frames.RST_STREAM, 0, stream, number(code.number()));
  }

  FrameBytes window(int stream, int bytes) {
    return frame(Frames.WINDOW_UPDATE, 0, stream, number(bytes));
  }

  FrameBytes ping(boolean ack, long payload) {
    Frames.header(out, Frames.PING_BYTES, Frames.PING, ack ? Frames.ACK : 0, 0);
    out.writeLong(payload);
    return this;
  }

  FrameBytes goaway(int last, ErrorCode code) {
    Frames.header(out, 8, Frames.GOAWAY, 0, 0);
    out.writeInt(last).writeInt(code.number());
    return this;
  }

  /** A field block; a name that begins with {@code +} enters the table, {@code #62} is an index. */
  static byte[] block(String... fields) {
    ByteBuf block = Unpooled.buffer();
    for (int i = 0; i < fields.length; i += 2) {
      String name = fields[i];
      if (name.startsWith("#")) {
        HpackWriter.integer(block, INDEXED, 0x7f, Integer.parseInt(name.substring(1)));
        continue;
      }
      boolean enters = name.startsWith("+");
      byte[] nameBytes = Bytes.of(enters ? name.substring(1) : name);
      byte[] value = Bytes.of(fields[i + 1]);
      block.writeByte(enters ? WITH_INDEXING : 0);
      HpackWriter.string(block, nameBytes, 0, nameBytes.length);
      HpackWriter.string(block, value, 0, value.length);
    }
    return ByteBufUtil.getBytes(block);
  }

  private static byte[] number(int number) {
    return new byte[] {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
  }

  private static String[] join(String[] first, String... second) {
    String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
