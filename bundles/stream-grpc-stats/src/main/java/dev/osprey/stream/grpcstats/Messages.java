package dev.osprey.stream.grpcstats;

import io.netty.buffer.ByteBuf;

/**
 * Counts the messages of one direction: each has a byte of flags and four of its length before it
 * (gRPC over HTTP2, "Length-Prefixed-Message"), cut by the network wherever it likes.
 */
final class Messages {
  private static final int PREFIX = 5;

  private int prefixSeen;
  private long length;
  private long left;

  /** Looks at a piece and says how many messages begin in it, their prefix complete. */
  int in(ByteBuf data) {
    int count = 0;
    int at = data.readerIndex();
    int end = data.writerIndex();
    while (at < end) {
      if (left > 0) {
        long skipped = Math.min(left, end - at);
        left -= skipped;
        at += (int) skipped;
        continue;
      }
      if (prefixSeen > 0) {
        length = (length << 8) | data.getUnsignedByte(at);
      }
      at++;
      if (++prefixSeen == PREFIX) {
        count++;
        left = length;
        length = 0;
        prefixSeen = 0;
      }
    }
    return count;
  }
}
