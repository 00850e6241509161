package dev.osprey.codec.http2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One frame that a codec wrote, with all that its header says.
 *
 * @param reserved the bit before the stream's number
 */
record WrittenFrame(int type, int flags, boolean reserved, int stream, byte[] payload) {
  private static final int PREFACE = 24;

  /** The frames of one side's output, behind a client's preface. */
  static List<WrittenFrame> of(byte[] output) {
    ByteBuffer in = ByteBuffer.wrap(output);
    in.position(output.length >= PREFACE && output[0] == 'P' ? PREFACE : 0);
    List<WrittenFrame> frames = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] payload = new byte[(in.get() & 0xff) << 16 | (in.getShort() & 0xffff)];
      int type = in.get() & 0xff;
      int flags = in.get() & 0xff;
      int stream = in.getInt();
      in.get(payload);
      frames.add(new WrittenFrame(type, flags, stream < 0, stream & Frames.MAX_STREAM, payload));
    }
    return frames;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int length() {
    return payload.length;
  }

  /** The 32 bits at an offset of the payload. */
  int number(int at) {
    return ByteBuffer.wrap(payload).getInt(at);
  }
}
