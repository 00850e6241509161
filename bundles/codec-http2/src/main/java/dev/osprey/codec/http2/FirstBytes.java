package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.codec.Recognition;
import io.netty.buffer.ByteBuf;

/** The client's connection preface (RFC 9113 section 3.4), by which a connection is recognised. */
final class FirstBytes {
  private static final byte[] PREFACE = Bytes.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  /** How long the preface is. */
  static final int LENGTH = PREFACE.length;

  private FirstBytes() {}

  /** Compares as many bytes as there are. */
  static Recognition recognise(ByteBuf first) {
    int known = Math.min(first.readableBytes(), LENGTH);
    int begin = first.readerIndex();
    for (int i = 0; i < known; i++) {
      if (first.getByte(begin + i) != PREFACE[i]) {
        return Recognition.NO;
      }
    }
    return known == LENGTH ? Recognition.MATCH : Recognition.NEED_MORE;
  }
}
