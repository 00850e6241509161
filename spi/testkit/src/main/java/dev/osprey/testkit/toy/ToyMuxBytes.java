package dev.osprey.testkit.toy;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Spells ToyMux byte by byte, for tests: one of these is one direction of a connection, with the
 * table of that direction.
 */
public final class ToyMuxBytes {
  private final ByteBuf bytes = Unpooled.buffer();
  private final HeadTable table = new HeadTable();

  private ToyMuxBytes() {}

  /** What a client says: begins with the preface. */
  public static ToyMuxBytes client() {
    ToyMuxBytes direction = new ToyMuxBytes();
    direction.bytes.writeBytes(Wire.PREFACE);
    return direction;
  }

  /** What a server says. */
  public static ToyMuxBytes server() {
    return new ToyMuxBytes();
  }

  /** A request head; fields as name, value, name, value. */
  public ToyMuxBytes request(int stream, String path, boolean end, String... fields) {
    RequestHead head = new RequestHead();
    head.method("CALL");
    head.path(path);
    head.authority("toy");
    head.bodyLength(end ? 0 : -1);
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    return block(Wire.HEAD, stream, HeadBlock.pairs(head), end);
  }

  /** A response head; fields as name, value, name, value. */
  public ToyMuxBytes response(int stream, int status, boolean end, String... fields) {
    ResponseHead head = new ResponseHead();
    head.status(status);
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    return block(Wire.HEAD, stream, HeadBlock.pairs(head), end);
  }

  /** Trailers with one field. */
  public ToyMuxBytes trailers(int stream, String name, String value) {
    return block(Wire.TRAILERS, stream, List.of(new HeadTable.Pair(name, value)), true);
  }

  /** Body bytes in one frame. */
  public ToyMuxBytes data(int stream, String body, boolean end) {
    byte[] text = body.getBytes(StandardCharsets.ISO_8859_1);
    return frame(Wire.DATA, end ? Wire.END : 0, stream, text);
  }

  /** Credit for a stream. */
  public ToyMuxBytes credit(int stream, int more) {
    return frame(Wire.WINDOW, 0, stream, Unpooled.copyInt(more).array());
  }

  /** The end of a stream before its time, because nobody wants it any more. */
  public ToyMuxBytes cancel(int stream) {
    return frame(Wire.RESET, 0, stream, new byte[] {0, 0});
  }

  /** A goodbye. */
  public ToyMuxBytes goodbye(int highest) {
    return frame(Wire.GOODBYE, 0, 0, Unpooled.copyInt(highest).array());
  }

  /** Any frame, legal or not. */
  public ToyMuxBytes frame(int type, int flags, int stream, byte[] payload) {
    Wire.header(bytes, type, flags, payload.length, stream);
    bytes.writeBytes(payload);
    return this;
  }

  /** All that was spelt so far. */
  public byte[] toBytes() {
    return ByteBufUtil.getBytes(bytes);
  }

  private ToyMuxBytes block(int type, int stream, List<HeadTable.Pair> pairs, boolean end) {
    byte[] block = HeadBlock.encode(pairs, table);
    if (block.length < 2) {
      return frame(type, end ? Wire.END : 0, stream, block);
    }
    // In two frames, so that parts of blocks are met all the time.
    int half = block.length / 2;
    frame(type, (end ? Wire.END : 0) | Wire.MORE, stream, java.util.Arrays.copyOf(block, half));
    byte[] rest = java.util.Arrays.copyOfRange(block, half, block.length);
    return frame(type, end ? Wire.END : 0, stream, rest);
  }
}
