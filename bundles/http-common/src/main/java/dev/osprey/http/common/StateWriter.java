package dev.osprey.http.common;

import dev.osprey.spi.StateRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes state into the bytes of a record: numbers of seven bits a byte, and byte strings. What it
 * writes is read by other versions of the same codec, so its encoding never changes. Not
 * thread-safe.
 */
public final class StateWriter {
  /** Bytes that stand elsewhere until the record is made. */
  public interface Source {
    /** Copies all of them. */
    void copyTo(byte[] array, int at);
  }

  /** Such bytes, and what was appended behind which they belong. */
  private record Later(int behind, int length, Source source) {}

  private final List<Later> later = new ArrayList<>();
  private byte[] bytes = new byte[32];
  private int size;
  private int laterBytes;

  /** Appends a number, which is not negative. */
  public StateWriter number(long number) {
    long rest = number;
    while (rest >>> 7 != 0) {
      put(((int) rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    put((int) rest);
    return this;
  }

  /** Appends a number, which may be negative. */
  public StateWriter signed(long number) {
    return number((number << 1) ^ (number >> 63));
  }

  /** Appends one constant of an enum, whose order is part of the layout: it may only grow. */
  @SuppressWarnings("EnumOrdinal") // the order is the layout, as every such enum says
  public StateWriter choice(Enum<?> constant) {
    return number(constant.ordinal());
  }

  /** Appends yes or no. */
  public StateWriter flag(boolean flag) {
    put(flag ? 1 : 0);
    return this;
  }

  /** Appends bytes with their length. */
  public StateWriter string(byte[] string) {
    return string(string, string.length);
  }

  /** Appends the first bytes of an array with their length. */
  public StateWriter string(byte[] bytesOf, int length) {
    number(length);
    if (bytes.length < size + length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, bytes.length * 2));
    }
    System.arraycopy(bytesOf, 0, bytes, size, length);
    size += length;
    return this;
  }

  /**
   * Appends bytes that are copied once, when the record is made; until then they must stay as they
   * are. For the reader it is as if they had been an array.
   */
  public StateWriter string(int length, Source source) {
    number(length);
    if (length > 0) {
      later.add(new Later(size, length, source));
      laterBytes += length;
    }
    return this;
  }

  /** The record of what was appended. */
  public StateRecord toRecord(String format, int version) {
    byte[] all = new byte[size + laterBytes];
    int from = 0;
    int to = 0;
    for (Later part : later) {
      System.arraycopy(bytes, from, all, to, part.behind - from);
      to += part.behind - from;
      from = part.behind;
      part.source.copyTo(all, to);
      to += part.length;
    }
    System.arraycopy(bytes, from, all, to, size - from);
    return new StateRecord(format, version, all);
  }

  private void put(int b) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) b;
  }
}
