package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one block while it is decoded: bytes, offsets, and the facts that framing needs.
 * One for each connection, used again for every block. The first broken rule is kept; the rest of
 * the block is then only passed over, so that the tables of both ends stay the same.
 */
final class FieldBlock {
  /** What a block is. */
  enum Kind {
    /** A request's head. */
    REQUEST,
    /** A response's head, interim or final. */
    RESPONSE,
    /** The fields behind a body. */
    TRAILERS,
    /** Nothing that is wanted: only the table is kept right. */
    NONE
  }

  private static final int STRIDE = 4;
  private static final int USUAL_BYTES = 1024;
  private static final int USUAL_FIELDS = 24;
  private static final int KEPT_BYTES = 2 * 1024;
  private static final int KEPT_FIELDS = 64;

  /** Where fewer bytes are allowed, a usual head shall still be refused only. */
  private static final long LEAST_MEASURE = 8 * 1024;

  private static final byte[] TRAILERS = Bytes.of("trailers");
  private static final byte[] CRUMB = Bytes.of("; ");

  /** Where the value of a pseudo-header field stands; start below 0 when it was not there. */
  final int[] starts = new int[Names.PROTOCOL + 1];

  final int[] ends = new int[Names.PROTOCOL + 1];

  /** The announced length; below 0 when there is none. */
  long contentLength;

  /** The host field that stands beside or in place of the authority; below 0 for none. */
  int hostStart;

  int hostEnd;

  private final long maxBytes;

  private final int maxFields;
  private final long mostDecoded;
  private Kind kind = Kind.NONE;
  private byte[] bytes = new byte[USUAL_BYTES];
  private int[] table = new int[USUAL_FIELDS * STRIDE];
  private int used;
  private int count;
  private int seen;
  private int counted;
  private int cookies;
  private int tags;
  private long size;
  private boolean regular;
  private @Nullable Fault fault;

  /**
   * A block with bounds.
   *
   * @param maxBytes of all fields, each counted with 32 bytes more (RFC 9113 section 6.5.2)
   * @param maxFields how many fields
   * @param expansion how many times {@code maxBytes} are looked at; what has more ends the
   *     connection
   */
  FieldBlock(long maxBytes, int maxFields, int expansion) {
    this.maxBytes = maxBytes;
    this.mostDecoded = Math.max(maxBytes, LEAST_MEASURE) * expansion;
    this.maxFields = maxFields;
  }

  /** Forgets everything and begins with a block of that kind. */
  void begin(Kind next) {
    kind = next;
    used = count = seen = counted = cookies = tags = 0;
    size = 0;
    regular = false;
    fault = null;
    contentLength = -1;
    hostStart = hostEnd = -1;
    starts[Names.METHOD] = starts[Names.PATH] = starts[Names.SCHEME] = -1;
    starts[Names.AUTHORITY] = starts[Names.STATUS] = starts[Names.PROTOCOL] = -1;
  }

  /** Lets go of what a large block left behind; what it held must have been copied. */
  void shrink() {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[USUAL_BYTES];
      used = 0;
    }
    if (table.length > KEPT_FIELDS * STRIDE) {
      table = new int[USUAL_FIELDS * STRIDE];
      count = 0;
    }
  }

  /** The first broken rule; null when none is. */
  @Nullable Fault fault() {
    return fault;
  }

  /** True when so much has come that the rest is not looked at. */
  boolean isBeyondMeasure() {
    return size > mostDecoded;
  }

  /** True when no field has come yet. */
  boolean isUntouched() {
    return seen == 0;
  }

  /** True when a field of this tag is among the fields that stay; only for tags from 67 on. */
  boolean saw(int tag) {
    return (tags & (1 << (tag - Names.HTTP2_SETTINGS))) != 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int used() {
    return used;
  }

  /** What a head of this block takes, each field counted with 32 bytes more. */
  int headBytes() {
    return used + TableEntry.OVERHEAD * count;
  }

  /** True when the pseudo-header field was there. */
  boolean has(int pseudo) {
    return starts[pseudo] >= 0;
  }

  /** Appends bytes of a field that will be committed; always true. */
  boolean append(byte[] from, int start, int end) {
    room(end - start);
    System.arraycopy(from, start, bytes, used, end - start);
    used += end - start;
    return true;
  }

  /** Appends what a Huffman-coded string says; false when it is not well encoded. */
  boolean appendHuffman(byte[] from, int start, int end) {
    room(Huffman.mostDecoded(end - start));
    int decoded = Huffman.decode(from, start, end, bytes, used);
    used = decoded == Huffman.BAD ? used : decoded;
    return decoded != Huffman.BAD;
  }

  private void room(int more) {
    if (bytes.length < used + more) {
      bytes = Arrays.copyOf(bytes, Math.max(used + more, bytes.length * 2));
    }
  }

  /** Adds a field of a table. */
  void add(TableEntry entry) {
    if (fault != null || kind == Kind.NONE) {
      // What a byte names may be large: it is measured and not copied.
      var _ = fits(entry.size(), entry.tag());
      return;
    }
    int start = used;
    append(entry.bytes(), 0, entry.bytes().length);
    commit(start, start + entry.nameLength(), entry.tag(), entry.isValid());
  }

  /** Adds the field whose name and value were appended last. */
  void commit(int nameStart, int valueStart, int tag, boolean valid) {
    boolean fits = fits(used - nameStart + TableEntry.OVERHEAD, tag);
    if (fits && fault == null && kind != Kind.NONE) {
      fault = valid ? note(nameStart, valueStart, tag) : broken(nameStart, valueStart);
      if (fault == null) {
        return;
      }
    }
    used = nameStart;
  }

  private boolean fits(int bytes, int tag) {
    seen++;
    // Crumbs become one cookie in the end (section 8.2.3): their bytes count, their number not.
    counted += (tag & Names.TAG) == Names.COOKIE && cookies > 0 ? 0 : 1;
    size += bytes;
    boolean fits = size <= maxBytes && counted <= maxFields;
    fault = fits ? fault : Fault.TOO_LARGE;
    return fits;
  }

  private Fault broken(int nameStart, int valueStart) {
    return FieldRules.isName(bytes, nameStart, valueStart) ? Fault.FIELD_VALUE : Fault.FIELD_NAME;
  }

  private @Nullable Fault note(int nameStart, int valueStart, int flagged) {
    int tag = flagged & Names.TAG;
    if (bytes[nameStart] == ':') {
      return pseudo(tag, valueStart);
    }
    regular = true;
    if (tag == Names.PLAIN) {
      enter(nameStart, valueStart, flagged);
      return null;
    }
    return known(nameStart, valueStart, tag, flagged);
  }

  private @Nullable Fault known(int nameStart, int valueStart, int tag, int flagged) {
    if (Names.isOfConnection(tag)) {
      return Fault.CONNECTION_FIELD;
    }
    switch (tag) {
      case Names.CONTENT_LENGTH -> {
        return kind == Kind.TRAILERS ? null : length(valueStart);
      }
      case Names.HOST -> {
        if (kind == Kind.REQUEST) {
          return host(valueStart);
        }
      }
      case Names.TE -> {
        if (!Chars.spells(bytes, valueStart, used, TRAILERS)) {
          return Fault.TE;
        }
      }
      case Names.COOKIE -> cookies++;
      default -> {}
    }
    if (tag > Names.HTTP2_SETTINGS) {
      tags |= 1 << (tag - Names.HTTP2_SETTINGS);
    }
    enter(nameStart, valueStart, flagged);
    return null;
  }

  private @Nullable Fault pseudo(int tag, int valueStart) {
    boolean belongs =
        switch (kind) {
          case REQUEST -> Names.isPseudo(tag) && tag != Names.STATUS;
          case RESPONSE -> tag == Names.STATUS;
          case TRAILERS, NONE -> false;
        };
    if (!belongs) {
      return Fault.PSEUDO_UNKNOWN;
    }
    if (regular) {
      return Fault.PSEUDO_LATE;
    }
    if (starts[tag] >= 0) {
      return Fault.PSEUDO_TWICE;
    }
    starts[tag] = valueStart;
    ends[tag] = used;
    return null;
  }

  private @Nullable Fault host(int valueStart) {
    if (hostStart >= 0) {
      return Fault.HOST_DIFFERS;
    }
    hostStart = valueStart;
    hostEnd = used;
    return null;
  }

  private @Nullable Fault length(int valueStart) {
    if (contentLength >= 0) {
      return Fault.MANY_LENGTHS;
    }
    contentLength = Bytes.readDecimal(bytes, valueStart, used);
    return contentLength < 0 ? Fault.LENGTH : null;
  }

  private void enter(int nameStart, int valueStart, int tag) {
    int row = count * STRIDE;
    if (row == table.length) {
      table = Arrays.copyOf(table, table.length * 2);
    }
    table[row] = nameStart;
    table[row + 1] = valueStart;
    table[row + 2] = used;
    table[row + 3] = tag;
    count++;
  }

  /**
   * Copies all regular fields into a head's; offsets stay the same. Crumbs of a cookie are joined
   * (RFC 9113 section 8.2.3).
   *
   * @param room bytes to leave behind them
   */
  void copyTo(Fields fields, Provenance own, int room) {
    if (cookies > 1) {
      joinCookies();
    }
    byte[] to = fields.begin(own, used + room);
    System.arraycopy(bytes, 0, to, 0, used);
    int[] rows = table;
    for (int row = 0; row < count * STRIDE; row += STRIDE) {
      fields.scanned(rows[row], nameEnd(row), rows[row + 1], rows[row + 2], rows[row + 3]);
    }
  }

  private int nameEnd(int row) {
    int end = table[row + 1];
    return isJoined(row) ? table[row] + "cookie".length() : end;
  }

  private boolean isJoined(int row) {
    return (table[row + 3] & Names.TAG) == Names.COOKIE;
  }

  private void joinCookies() {
    int first = -1;
    int kept = 0;
    int start = used;
    for (int row = 0; row < count * STRIDE; row += STRIDE) {
      if (!isJoined(row)) {
        System.arraycopy(table, row, table, kept, STRIDE);
        kept += STRIDE;
        continue;
      }
      if (first >= 0) {
        append(CRUMB, 0, CRUMB.length);
        table[first + 3] |= table[row + 3];
      } else {
        first = kept;
        System.arraycopy(table, row, table, kept, STRIDE);
        kept += STRIDE;
      }
      append(bytes, table[row + 1], table[row + 2]);
    }
    table[first + 1] = start;
    table[first + 2] = used;
    count = kept / STRIDE;
  }
}
