package dev.osprey.http.common;

import dev.osprey.spi.StateRecord;
import java.util.Arrays;

/**
 * Encodes state into the bytes of a record: numbers of seven bits a byte, and byte strings. What it
 * writes is read by other versions of the same codec, so its encoding never changes. Not
 * thread-safe.
 */
public final class StateWriter {
  private byte[] bytes = new byte[32];
  private int size;

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

  /** The record of what was appended. */
  public StateRecord toRecord(String format, int version) {
    return new StateRecord(format, version, Arrays.copyOf(bytes, size));
  }

  private void put(int b) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) b;
  }
}
