package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import io.netty.buffer.ByteBuf;

/**
 * Writes the representations of RFC 7541 section 6. Names of the static table are numbers, the rest
 * are plain literals that enter no table: an encoder without a table has no state to hand over, and
 * copying a value costs no more than comparing it.
 */
final class HpackWriter {
  private static final int INDEXED = 0x80;
  private static final int NEVER_INDEXED = 0x10;
  private static final int NAME_PREFIX = 0xf;
  private static final int LENGTH_PREFIX = 0x7f;

  /** A size update to 0: the encoder keeps no table, whatever the peer would allow. */
  private static final int NO_TABLE = 0x20;

  private HpackWriter() {}

  /** Says that the encoder uses no table; at the begin of its first block. */
  static void noTable(ByteBuf out) {
    out.writeByte(NO_TABLE);
  }

  /** Writes an entry of the static table. */
  static void indexed(ByteBuf out, int index) {
    out.writeByte(INDEXED | index);
  }

  /** Writes the begin of a field whose name is in the static table; its value must follow. */
  static void named(ByteBuf out, int index) {
    if (index < NAME_PREFIX) {
      out.writeByte(index);
    } else {
      out.writeShort((NAME_PREFIX << 8) | (index - NAME_PREFIX));
    }
  }

  /** Writes the begin of a field whose name is in no table; its value must follow. */
  static void newName(ByteBuf out, byte[] name, int length) {
    newName(out, name, length, 0);
  }

  private static void newName(ByteBuf out, byte[] name, int length, int kind) {
    out.writeByte(kind);
    string(out, name, 0, length);
  }

  /**
   * Writes the begin of a field by its name; its value must follow.
   *
   * @param tag the tag of its name with its flags
   */
  static void name(ByteBuf out, int tag, byte[] name, int length) {
    int number = tag & Names.TAG;
    int kind = (tag & Names.NEVER_INDEXED) == 0 ? 0 : NEVER_INDEXED;
    if (number != Names.PLAIN && number <= StaticTable.SIZE) {
      integer(out, kind, NAME_PREFIX, number);
    } else {
      newName(out, name, length, kind);
    }
  }

  /**
   * Writes a field from its offsets.
   *
   * @param tag the tag of its name with its flags; the name must be in lower case
   */
  static void field(
      ByteBuf out, byte[] bytes, int tag, int nameStart, int nameEnd, int valueStart, int end) {
    int name = tag & Names.TAG;
    int first = (tag & Names.NEVER_INDEXED) == 0 ? 0 : NEVER_INDEXED;
    if (name != Names.PLAIN && name <= StaticTable.SIZE) {
      integer(out, first, NAME_PREFIX, name);
    } else {
      out.writeByte(first);
      string(out, bytes, nameStart, nameEnd);
    }
    string(out, bytes, valueStart, end);
  }

  /** Writes a string as it is. */
  static void string(ByteBuf out, byte[] bytes, int start, int end) {
    integer(out, 0, LENGTH_PREFIX, end - start);
    out.writeBytes(bytes, start, end - start);
  }

  /** Writes a number as a string of decimal digits. */
  static void decimal(ByteBuf out, long number) {
    int at = out.writerIndex();
    out.writeByte(0);
    Bytes.writeDecimal(out, number);
    out.setByte(at, out.writerIndex() - at - 1);
  }

  /** Writes an integer behind the bits of {@code first} (section 5.1). */
  static void integer(ByteBuf out, int first, int prefix, int number) {
    if (number < prefix) {
      out.writeByte(first | number);
      return;
    }
    out.writeByte(first | prefix);
    int rest = number - prefix;
    while (rest > LENGTH_PREFIX) {
      out.writeByte((rest & LENGTH_PREFIX) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }
}
