package dev.osprey.codec.http2;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Fields;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /** Appends a number, which may be negative. */
  StateWriter signed(long number) {
    return number((number << 1) ^ (number >> 63));
  }

  /** Appends yes or no. */
  StateWriter flag(boolean flag) {
    put(flag ? 1 : 0);
    return this;
  }

  /** Appends bytes with their length. */
  StateWriter string(byte[] string) {
    return string(string, string.length);
  }

  /** Appends the first bytes of an array with their length. */
  StateWriter string(byte[] bytesOf, int length) {
    number(length);
    if (bytes.length < size + length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, bytes.length * 2));
    }
    System.arraycopy(bytesOf, 0, bytes, size, length);
    size += length;
    return this;
  }

  /** Appends fields; null is kept apart from none. */
  StateWriter fields(@Nullable Fields fields) {
    if (fields == null) {
      return number(0);
    }
    number(fields.size() + 1L);
    for (int i = 0; i < fields.size(); i++) {
      string(Bytes.of(fields.name(i))).string(Bytes.of(fields.value(i)));
      number(HeadWriter.neverIndexed(fields, i));
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
