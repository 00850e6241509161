package dev.osprey.codec.http2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes that a codec wrote, as one line a frame. */
final class Sent {
  private static final int PREFACE = 24;

  private Sent() {}

  /** For example {@code HEADERS 1 end 200}, {@code DATA 1 5}, {@code RST_STREAM 1 CANCEL}. */
  static List<String> frames(byte[] output) {
    HpackDecoder decoder = new HpackDecoder(new DecoderTable(4096));
    boolean client = output.length >= PREFACE && output[0] == 'P';
    ByteBuffer in = ByteBuffer.wrap(output);
    in.position(client ? PREFACE : 0);
    List<String> frames = new ArrayList<>();
    while (in.hasRemaining()) {
      int length = (in.get() & 0xff) << 16 | (in.getShort() & 0xffff);
      int type = in.get();
      int flags = in.get();
      int stream = in.getInt();
      byte[] payload = new byte[length];
      in.get(payload);
      frames.add(text(decoder, type, flags, stream, payload, client).strip());
    }
    return frames;
  }

  private static String text(
      HpackDecoder decoder, int type, int flags, int stream, byte[] payload, boolean client) {
    String ack = (flags & Frames.ACK) != 0 ? " ack" : "";
    String end = (flags & Frames.END_STREAM) != 0 ? " end" : "";
    return switch (type) {
      case Frames.DATA -> "DATA " + stream + " " + payload.length + end;
      case Frames.HEADERS -> "HEADERS " + stream + end + block(decoder, flags, payload, client);
      case Frames.CONTINUATION -> "CONTINUATION " + stream;
      case Frames.RST_STREAM -> "RST_STREAM " + stream + " " + ErrorCode.of(number(payload, 0));
      case Frames.SETTINGS -> "SETTINGS" + ack;
      case Frames.PING -> "PING" + ack;
      case Frames.GOAWAY -> "GOAWAY " + number(payload, 0) + " " + ErrorCode.of(number(payload, 4));
      case Frames.WINDOW_UPDATE -> "WINDOW_UPDATE " + stream + " " + number(payload, 0);
      default -> "frame of type " + type;
    };
  }

  private static String block(HpackDecoder decoder, int flags, byte[] payload, boolean client) {
    if ((flags & Frames.END_HEADERS) == 0) {
      return " ...";
    }
    FieldBlock block = new FieldBlock(1 << 20, 1000, 4);
    block.begin(client ? FieldBlock.Kind.REQUEST : FieldBlock.Kind.RESPONSE);
    if (!decoder.decode(payload, payload.length, block)) {
      return " broken";
    }
    int tag = client ? Names.PATH : Names.STATUS;
    return block.has(tag)
        ? " " + ascii(Arrays.copyOfRange(block.bytes(), block.starts[tag], block.ends[tag]))
        : " trailers";
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static int number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }
}
