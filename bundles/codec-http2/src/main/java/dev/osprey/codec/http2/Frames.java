package dev.osprey.codec.http2;

import io.netty.buffer.ByteBuf;

/** The numbers of RFC 9113 sections 4 and 6, and the layout of a frame's header. */
final class Frames {
  static final int HEADER_BYTES = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int WITH_PRIORITY = 0x20;

  /** The window every stream and connection begins with. */
  static final int FIRST_WINDOW = 65_535;

  static final int MAX_WINDOW = Integer.MAX_VALUE;

  /** The largest payload that every peer takes, and the largest that we take. */
  static final int FIRST_FRAME_SIZE = 16_384;

  static final int MAX_FRAME_SIZE = (1 << 24) - 1;
  static final int PRIORITY_BYTES = 5;
  static final int PING_BYTES = 8;
  static final int SETTING_BYTES = 6;

  /** The highest number of a stream; in a GOAWAY it refuses none. */
  static final int MAX_STREAM = Integer.MAX_VALUE;

  private Frames() {}

  /** Appends a frame's header. */
  static void header(ByteBuf out, int length, int type, int flags, int stream) {
    out.writeLong(
        ((long) length << 40) | ((long) type << 32) | ((long) flags << 24) | (stream >>> 8));
    out.writeByte(stream);
  }

  /** Overwrites a frame's header. */
  static void setHeader(ByteBuf out, int at, int length, int type, int flags, int stream) {
    out.setLong(
        at, ((long) length << 40) | ((long) type << 32) | ((long) flags << 24) | (stream >>> 8));
    out.setByte(at + 8, stream);
  }
}
