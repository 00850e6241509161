package dev.osprey.codec.http2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes field blocks (RFC 7541 section 3.2). All work is linear in the bytes of the block,
 * whatever they expand to: what is beyond the bounds of a {@link FieldBlock} is looked at, kept in
 * the table where the encoder says so, and dropped.
 */
final class HpackDecoder {
  private static final int INDEXED = 0x80;
  private static final int WITH_INDEXING = 0x40;
  private static final int SIZE_UPDATE = 0x20;
  private static final int UPDATE_MASK = 0xe0;
  private static final int NEVER_INDEXED = 0x10;
  private static final int HUFFMAN = 0x80;

  /** Two may follow each other: the smallest size in between, and the last (section 4.2). */
  private static final int MAX_SIZE_UPDATES = 2;

  /** Integers have at most this many bytes behind the prefix: 28 bits. */
  private static final int MAX_INTEGER_SHIFT = 21;

  private static final int BAD = -1;

  private static final byte[] NONE = {};

  private final DecoderTable table;
  private byte[] block = NONE;
  private int at;
  private int end;

  HpackDecoder(DecoderTable table) {
    this.table = table;
  }

  /**
   * Decodes a whole block.
   *
   * @return false when it is not well encoded; the connection can't go on then
   */
  boolean decode(byte[] bytes, int length, FieldBlock into) {
    block = bytes;
    at = 0;
    end = length;
    boolean fine = fields(into) && !table.isAboveLimit();
    block = NONE;
    return fine;
  }

  private boolean fields(FieldBlock into) {
    int updates = 0;
    while (at < end && !into.isBeyondMeasure()) {
      int first = block[at] & 0xff;
      boolean fine;
      if (table.isAboveLimit() && (first & UPDATE_MASK) != SIZE_UPDATE) {
        return false;
      }
      if ((first & INDEXED) != 0) {
        fine = indexed(into);
      } else if ((first & WITH_INDEXING) != 0) {
        fine = literal(into, 0x3f, true, 0);
      } else if ((first & SIZE_UPDATE) != 0) {
        fine = into.isUntouched() && ++updates <= MAX_SIZE_UPDATES && sizeUpdate();
      } else {
        fine = literal(into, 0xf, false, first & NEVER_INDEXED);
      }
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  private boolean sizeUpdate() {
    int size = integer(0x1f);
    return size >= 0 && table.resize(size);
  }

  private boolean indexed(FieldBlock into) {
    TableEntry entry = entry(integer(0x7f));
    if (entry == null) {
      return false;
    }
    into.add(entry);
    return true;
  }

  private boolean literal(FieldBlock into, int prefix, boolean indexing, int neverIndexed) {
    int index = integer(prefix);
    if (index < 0) {
      return false;
    }
    int nameStart = into.used();
    boolean valid = true;
    int tag;
    if (index > 0) {
      TableEntry named = entry(index);
      if (named == null) {
        return false;
      }
      into.append(named.bytes(), 0, named.nameLength());
      tag = named.tag();
      valid = named.isValid() || FieldRules.isName(named.bytes(), 0, named.nameLength());
    } else {
      if (!string(into)) {
        return false;
      }
      tag = Names.of(into.bytes(), nameStart, into.used());
      valid = tag != Names.PLAIN || FieldRules.isName(into.bytes(), nameStart, into.used());
    }
    int valueStart = into.used();
    if (!string(into)) {
      return false;
    }
    valid &= FieldRules.isValue(into.bytes(), valueStart, into.used());
    if (indexing && !table.isTooSmall(into.used() - nameStart)) {
      byte[] copy = Arrays.copyOfRange(into.bytes(), nameStart, into.used());
      table.add(new TableEntry(copy, valueStart - nameStart, tag, valid));
    }
    int flags = neverIndexed == 0 ? 0 : Names.NEVER_INDEXED;
    into.commit(nameStart, valueStart, tag | flags, valid);
    return true;
  }

  private @Nullable TableEntry entry(int index) {
    if (index <= 0) {
      return null;
    }
    return index <= StaticTable.SIZE
        ? StaticTable.get(index)
        : table.get(index - StaticTable.SIZE - 1);
  }

  /** Appends the next string; false when it is not well encoded. */
  private boolean string(FieldBlock into) {
    if (at == end) {
      return false;
    }
    boolean huffman = (block[at] & HUFFMAN) != 0;
    int length = integer(0x7f);
    if (length < 0 || length > end - at) {
      return false;
    }
    int from = at;
    at += length;
    return huffman ? into.appendHuffman(block, from, at) : into.append(block, from, at);
  }

  /** The next integer (section 5.1); below 0 when it has no end or is too large. */
  private int integer(int prefix) {
    int value = block[at++] & prefix;
    if (value < prefix) {
      return value;
    }
    for (int shift = 0; shift <= MAX_INTEGER_SHIFT; shift += 7) {
      if (at == end) {
        return BAD;
      }
      int b = block[at++];
      value += (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return BAD;
  }
}
