package dev.osprey.codec.http1;

import dev.osprey.spi.StateRecord;
import java.util.Arrays;

/** Decodes what {@link StateWriter} encoded. */
final class StateReader {
  private final byte[] bytes;
  private int at;

  StateReader(StateRecord record) {
    this.bytes = record.state();
  }

  /** The next number. */
  long number() {
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
  int integer() {
    return (int) number();
  }

  /** The next constant of an enum; {@code all} are its values in their order. */
  <E extends Enum<E>> E choice(E[] all) {
    return all[integer()];
  }

  /** The next yes or no. */
  boolean flag() {
    return bytes[at++] != 0;
  }

  /** The next bytes. */
  byte[] string() {
    int length = integer();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }
}
