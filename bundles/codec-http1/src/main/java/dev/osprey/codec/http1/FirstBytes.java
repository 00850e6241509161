package dev.osprey.codec.http1;

import dev.osprey.spi.codec.Recognition;
import io.netty.buffer.ByteBuf;

/** Recognises the begin of an HTTP/1 request. */
final class FirstBytes {
  private static final int LONGEST_METHOD = 32;
  private static final byte[] HTTP2 = Bytes.of("PRI * HTTP/2.0");

  private FirstBytes() {}

  /** A method and a space make a match, unless it is the preface of HTTP/2. */
  static Recognition recognise(ByteBuf first) {
    int begin = first.readerIndex();
    int end = begin + first.readableBytes();
    while (begin < end && isLineEnd(first.getByte(begin))) {
      begin++;
    }
    int same = sameAsHttp2(first, begin, end);
    if (same == HTTP2.length) {
      return Recognition.NO;
    }
    if (same > 3 && begin + same == end) {
      return Recognition.NEED_MORE;
    }
    int at = begin;
    while (at < end && Chars.isToken(first.getByte(at)) && at - begin <= LONGEST_METHOD) {
      at++;
    }
    if (at == end) {
      return Recognition.NEED_MORE;
    }
    boolean method = at > begin && first.getByte(at) == ' ';
    return method ? Recognition.MATCH : Recognition.NO;
  }

  private static int sameAsHttp2(ByteBuf first, int begin, int end) {
    int same = 0;
    while (same < HTTP2.length
        && begin + same < end
        && first.getByte(begin + same) == HTTP2[same]) {
      same++;
    }
    return same;
  }

  private static boolean isLineEnd(byte b) {
    return b == Chars.CR || b == Chars.LF;
  }
}
