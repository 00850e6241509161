package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.spi.codec.Recognition;
import io.netty.buffer.ByteBuf;

/** Recognises the begin of an HTTP/1 request. */
final class FirstBytes {
  private static final int LONGEST_METHOD = 32;
  private static final byte[] HTTP = Bytes.of("http");
  private static final byte[][] USUAL = {
    Bytes.of("GET"),
    Bytes.of("HEAD"),
    Bytes.of("POST"),
    Bytes.of("PUT"),
    Bytes.of("DELETE"),
    Bytes.of("CONNECT"),
    Bytes.of("OPTIONS"),
    Bytes.of("TRACE"),
    Bytes.of("PATCH")
  };
  private static final byte[] HTTP2 = Bytes.of("PRI * HTTP/2.0");

  private FirstBytes() {}

  /**
   * A method and a space make a match, unless it is the preface of HTTP/2. Words of other protocols
   * look the same ({@code EHLO example.org}): where the method is no usual one, the target decides.
   */
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
    if (at == begin || first.getByte(at) != ' ') {
      return Recognition.NO;
    }
    return isUsual(first, begin, at) ? Recognition.MATCH : target(first, at + 1, end);
  }

  private static boolean isUsual(ByteBuf first, int begin, int end) {
    for (byte[] method : USUAL) {
      if (method.length == end - begin && startsWith(first, begin, method, method.length)) {
        return true;
      }
    }
    return false;
  }

  /** A path, {@code *}, or an absolute target is one of HTTP. */
  private static Recognition target(ByteBuf first, int begin, int end) {
    if (begin == end) {
      return Recognition.NEED_MORE;
    }
    byte b = first.getByte(begin);
    if (b == '/' || b == '*') {
      return Recognition.MATCH;
    }
    int known = Math.min(HTTP.length, end - begin);
    if (!startsWith(first, begin, HTTP, known)) {
      return Recognition.NO;
    }
    return known == HTTP.length ? Recognition.MATCH : Recognition.NEED_MORE;
  }

  private static boolean startsWith(ByteBuf first, int begin, byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      if (first.getByte(begin + i) != text[i]) {
        return false;
      }
    }
    return true;
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
