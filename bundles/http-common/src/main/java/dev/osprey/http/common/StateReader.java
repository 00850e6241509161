package dev.osprey.http.common;

import dev.osprey.spi.StateRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Decodes what {@link StateWriter} encoded; whoever reads must ask in the order in which it was
 * written. Not thread-safe.
 */
public final class StateReader {
  private final byte[] bytes;
  private int at;

  /** Begins with a record's first byte. */
  public StateReader(StateRecord record) {
    this.bytes = record.state();
  }

  /** The next number. */
  public long number() {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      number |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return number;
      }
    }
  }

  /** The next number, which was an int. */
  public int integer() {
    return (int) number();
  }

  /** The next number, which may be negative. */
  public long signed() {
    long number = number();
    return (number >>> 1) ^ -(number & 1);
  }

  /** The next constant of an enum; {@code all} are its values in their order. */
  public <E extends Enum<E>> E choice(E[] all) {
    return all[integer()];
  }

  /** The next yes or no. */
  public boolean flag() {
    return bytes[at++] != 0;
  }

  /** The next bytes, in the record's own array: not copied, and not to be changed. */
  public ByteBuffer view() {
    int length = integer();
    at += length;
    return ByteBuffer.wrap(bytes, at - length, length);
  }

  /** The next bytes. */
  public byte[] string() {
    int length = integer();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }
}
