package dev.osprey.codec.http2;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /** The next number, which may be negative. */
  long signed() {
    long number = number();
    return (number >>> 1) ^ -(number & 1);
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

  /** The next fields; null when there were none to follow. */
  @Nullable Fields fields() {
    int count = integer() - 1;
    if (count < 0) {
      return null;
    }
    Fields fields = new Fields();
    for (int i = 0; i < count; i++) {
      String name = new String(string(), StandardCharsets.ISO_8859_1);
      fields.add(name, new String(string(), StandardCharsets.ISO_8859_1));
      fields.tag(i, integer());
    }
    return fields;
  }
}
