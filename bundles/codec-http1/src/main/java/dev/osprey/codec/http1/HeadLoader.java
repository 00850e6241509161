package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import io.netty.buffer.ByteBuf;

/**
 * Copies an unread head into the array it is scanned in: what is there at the first look, and if
 * its end was not among that, the whole once the end has come. Remembers how far it searched, so
 * that input of one byte at a time costs no more than one search of each byte.
 */
final class HeadLoader {
  /** Most heads are shorter; of a body behind the head no more than this is copied in vain. */
  private static final int SHORT_LOOK = 1024;

  /** What is looked at first once a head was longer. */
  private static final int LONG_LOOK = 4096;

  private final Provenance own;
  private final int maxBytes;
  private int firstLook = SHORT_LOOK;
  private int searched;
  private int loaded;
  private boolean whole;

  HeadLoader(Provenance own, int maxBytes) {
    this.own = own;
    this.maxBytes = maxBytes;
  }

  /**
   * Loads the next piece to scan from its begin.
   *
   * @param room bytes to leave behind it
   * @return how many bytes are loaded; 0 when there is nothing new to scan yet
   */
  int load(ByteBuf in, Fields fields, int room) {
    int length = Math.min(in.readableBytes(), firstLook);
    if (searched > 0) {
      if (in.readableBytes() > SHORT_LOOK) {
        firstLook = LONG_LOOK;
      }
      length = findEnd(in);
      whole = length > 0;
    }
    if (length > 0) {
      in.getBytes(in.readerIndex(), fields.begin(own, length + room), 0, length);
      searched = Math.max(searched, length);
      loaded = length;
    } else {
      searched = in.readableBytes();
    }
    return length;
  }

  /** Length of the last piece. */
  int loaded() {
    return loaded;
  }

  /** True when the last piece held a whole head. */
  boolean isWhole() {
    return whole;
  }

  /** True when a head whose end has not come is longer than allowed. */
  boolean isOver(ByteBuf in) {
    return in.readableBytes() > maxBytes;
  }

  /** Begins with the next head. */
  void reset() {
    searched = 0;
    whole = false;
  }

  /** Length up to and with the first empty line, whatever its line ends; 0 when there is none. */
  private int findEnd(ByteBuf in) {
    int begin = in.readerIndex();
    int end = begin + in.readableBytes();
    int at = in.indexOf(begin + searched, end, Chars.LF);
    while (at >= 0) {
      if (endsEmptyLine(in, begin, at)) {
        return at + 1 - begin;
      }
      at = at + 1 < end ? in.indexOf(at + 1, end, Chars.LF) : -1;
    }
    return 0;
  }

  private static boolean endsEmptyLine(ByteBuf in, int begin, int at) {
    int before = at - 1;
    if (before >= begin && in.getByte(before) == Chars.CR) {
      before--;
    }
    return before < begin || in.getByte(before) == Chars.LF;
  }
}
