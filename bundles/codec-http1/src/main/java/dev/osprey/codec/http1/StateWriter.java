package dev.osprey.codec.http1;

import dev.osprey.spi.StateRecord;
import java.util.Arrays;

/** Encodes state into the bytes of a record: numbers of seven bits a byte, and byte strings. */
final class StateWriter {
  private byte[] bytes = new byte[32];
  private int size;

  /** Appends a number, which is not negative. */
  StateWriter number(long number) {
    long rest = number;
    while (rest >>> 7 != 0) {
      put(((int) rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    put((int) rest);
    return this;
  }

  /** Appends one constant of an enum, whose order is part of the layout: it may only grow. */
  @SuppressWarnings("EnumOrdinal") // the order is the layout, as every such enum says
  StateWriter choice(Enum<?> constant) {
    return number(constant.ordinal());
  }

  /** Appends yes or no. */
  StateWriter flag(boolean flag) {
    put(flag ? 1 : 0);
    return this;
  }

  /** Appends bytes with their length. */
  StateWriter string(byte[] string) {
    number(string.length);
    for (byte b : string) {
      put(b);
    }
    return this;
  }

  /** The record of what was appended. */
  StateRecord toRecord(String format, int version) {
    return new StateRecord(format, version, Arrays.copyOf(bytes, size));
  }

  private void put(int b) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size++] = (byte) b;
  }
}
