package dev.osprey.spi.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fields (headers or trailers) as offsets over one byte array; names and values become strings only
 * when somebody asks. Order is kept, repeated names are kept, bytes are ISO-8859-1.
 *
 * <p>A codec fills it while scanning ({@link #scanned}) and may reuse it for the next message of
 * its connection, so whoever keeps a field beyond the end of its stream takes the string. Fields
 * added by others ({@link #add}) carry the tag {@link #UNCHECKED}; a writer validates those, and
 * all of them when {@link #provenance} is not its own.
 *
 * <p>Not thread-safe: belongs to one strand.
 */
public final class Fields {
  /** The tag of a field that no scanner has validated. */
  public static final int UNCHECKED = -1;

  private static final int STRIDE = 5;
  private static final int NAME_START = 0;
  private static final int NAME_END = 1;
  private static final int VALUE_START = 2;
  private static final int VALUE_END = 3;
  private static final int TAG = 4;

  private byte[] bytes;
  private int used;
  private int[] table;
  private int count;
  private @Nullable Provenance provenance;

  /** No fields, with room for {@code expectedBytes} and {@code expectedFields}. */
  public Fields(int expectedBytes, int expectedFields) {
    this.bytes = new byte[expectedBytes];
    this.table = new int[expectedFields * STRIDE];
  }

  /** No fields, with room for a few. */
  public Fields() {
    this(256, 12);
  }

  /** Forgets all fields and who scanned them; keeps the room. */
  public void clear() {
    count = 0;
    used = 0;
    provenance = null;
  }

  /**
   * Makes room for the bytes of a message to be scanned and says who scans. The caller copies the
   * bytes to {@link #bytes} from 0 to {@code length} and then calls {@link #scanned}.
   *
   * @return the array to copy into, at least {@code length} long
   */
  public byte[] begin(Provenance scanner, int length) {
    count = 0;
    used = length;
    provenance = scanner;
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, bytes.length * 2)];
    }
    return bytes;
  }

  /** The array that all offsets point into. Only a codec writes to it. */
  public byte[] bytes() {
    return bytes;
  }

  /** Who scanned these fields; null when nobody did. */
  public @Nullable Provenance provenance() {
    return provenance;
  }

  /**
   * Records a field found at these offsets of {@link #bytes}, ends exclusive.
   *
   * @param tag the scanner's own classification, 0 or more; meaningful to its provenance only
   */
  public void scanned(int nameStart, int nameEnd, int valueStart, int valueEnd, int tag) {
    int at = count * STRIDE;
    if (at == table.length) {
      table = Arrays.copyOf(table, Math.max(table.length * 2, STRIDE * 8));
    }
    table[at + NAME_START] = nameStart;
    table[at + NAME_END] = nameEnd;
    table[at + VALUE_START] = valueStart;
    table[at + VALUE_END] = valueEnd;
    table[at + TAG] = tag;
    count++;
  }

  /** How many fields there are. */
  public int size() {
    return count;
  }

  /** Offset of the first byte of the name of field {@code index}. */
  public int nameStart(int index) {
    return table[index * STRIDE + NAME_START];
  }

  /** Offset after the last byte of the name of field {@code index}. */
  public int nameEnd(int index) {
    return table[index * STRIDE + NAME_END];
  }

  /** Offset of the first byte of the value of field {@code index}. */
  public int valueStart(int index) {
    return table[index * STRIDE + VALUE_START];
  }

  /** Offset after the last byte of the value of field {@code index}. */
  public int valueEnd(int index) {
    return table[index * STRIDE + VALUE_END];
  }

  /** The scanner's tag of field {@code index}, or {@link #UNCHECKED}. */
  public int tag(int index) {
    return table[index * STRIDE + TAG];
  }

  /** Replaces the tag of field {@code index}; for the codec that scanned it. */
  public void tag(int index, int tag) {
    table[index * STRIDE + TAG] = tag;
  }

  /** The name of field {@code index} as it was received. */
  public String name(int index) {
    return text(nameStart(index), nameEnd(index));
  }

  /** The value of field {@code index}. */
  public String value(int index) {
    return text(valueStart(index), valueEnd(index));
  }

  /** True when field {@code index} has this name. */
  public boolean nameIs(int index, FieldName name) {
    return name.matches(bytes, nameStart(index), nameEnd(index));
  }

  /** Index of the first field of this name at or after {@code from}; -1 when there is none. */
  public int find(FieldName name, int from) {
    for (int i = from; i < count; i++) {
      if (nameIs(i, name)) {
        return i;
      }
    }
    return -1;
  }

  /** True when a field of this name exists. */
  public boolean contains(FieldName name) {
    return find(name, 0) >= 0;
  }

  /** Value of the first field of this name; null when there is none. */
  public @Nullable String first(FieldName name) {
    int at = find(name, 0);
    return at < 0 ? null : value(at);
  }

  /** Appends a field; its tag is {@link #UNCHECKED}. */
  public void add(String name, String value) {
    int nameStart = append(name);
    int valueStart = append(value);
    scanned(nameStart, valueStart, valueStart, used, UNCHECKED);
  }

  /** Replaces all fields of this name by one, in the place of the first or at the end. */
  public void set(FieldName name, String value) {
    int at = find(name, 0);
    if (at < 0) {
      add(name.text(), value);
      return;
    }
    int start = append(value);
    table[at * STRIDE + VALUE_START] = start;
    table[at * STRIDE + VALUE_END] = used;
    table[at * STRIDE + TAG] = UNCHECKED;
    removeFrom(name, at + 1);
  }

  /** Removes all fields of this name. */
  public void remove(FieldName name) {
    removeFrom(name, 0);
  }

  /** Removes field {@code index}; the ones behind it move up. */
  public void removeAt(int index) {
    int from = (index + 1) * STRIDE;
    System.arraycopy(table, from, table, from - STRIDE, count * STRIDE - from);
    count--;
  }

  /** Appends ISO-8859-1 text behind the bytes; returns its offset. For heads and codecs. */
  public int append(String text) {
    int start = used;
    int length = text.length();
    if (bytes.length < start + length) {
      bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length * 2));
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      // A character beyond one byte becomes one that every validator refuses.
      bytes[start + i] = c <= 0xff ? (byte) c : 0;
    }
    used = start + length;
    return start;
  }

  /** The text between two offsets of {@link #bytes}. */
  public String text(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private void removeFrom(FieldName name, int from) {
    for (int at = find(name, from); at >= 0; at = find(name, at)) {
      removeAt(at);
    }
  }

  @Override
  public String toString() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(name(i)).append(": ").append(value(i)).append('\n');
    }
    return all.toString();
  }
}
