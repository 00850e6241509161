package dev.osprey.testkit.toy;

import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The numbers of the ToyMux wire format and the layout of a frame header. */
final class Wire {
  static final byte[] PREFACE = "TOYMUX1\n".getBytes(StandardCharsets.US_ASCII);
  static final int HEADER_BYTES = 8;
  static final int MAX_PAYLOAD = 16_384;
  static final int FIRST_CREDIT = 64;

  static final int HEAD = 1;
  static final int DATA = 2;
  static final int TRAILERS = 3;
  static final int WINDOW = 4;
  static final int RESET = 5;
  static final int GOODBYE = 6;

  static final int END = 1;
  static final int MORE = 2;

  /** Reasons in the order of their codes; any other is sent as the first. */
  private static final List<Reset.Reason> REASONS =
      List.of(
          Reset.Reason.CANCELLED,
          Reset.Reason.PROTOCOL_ERROR,
          Reset.Reason.TRUNCATED,
          Reset.Reason.CONNECTION_LOST,
          Reset.Reason.CONNECT_FAILURE,
          Reset.Reason.OVERFLOW,
          Reset.Reason.TIMEOUT,
          Reset.Reason.REFUSED,
          Reset.Reason.EXTENSION_FAILURE,
          Reset.Reason.DRAINING);

  private Wire() {}

  static int code(Reset.Reason reason) {
    return Math.max(0, REASONS.indexOf(reason));
  }

  static Reset.Reason reason(int code) {
    return REASONS.get(code < REASONS.size() ? code : 0);
  }

  static void header(ByteBuf out, int type, int flags, int length, int stream) {
    out.writeByte(type).writeByte(flags).writeShort(length).writeInt(stream);
  }

  /** True when the bytes from the reader index on are, as far as they go, the preface. */
  static boolean beginsLikePreface(ByteBuf in) {
    int known = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        return false;
      }
    }
    return true;
  }
}
