package dev.osprey.codec.http2;

import java.nio.charset.StandardCharsets;

/**
 * A field in a table of HPACK: its name and value in one array, what the name means and whether
 * both keep the rules, decided once.
 *
 * @param bytes name, then value; not changed
 * @param nameLength where the value begins
 * @param tag the name's, see {@link Names}
 * @param isValid whether it may stand in a message
 */
record TableEntry(byte[] bytes, int nameLength, int tag, boolean isValid) {
  /** What RFC 7541 section 4.1 adds to the bytes of each entry. */
  static final int OVERHEAD = 32;

  /** An entry of the static table. */
  static TableEntry of(String name, String value, int tag) {
    byte[] bytes = (name + value).getBytes(StandardCharsets.ISO_8859_1);
    return new TableEntry(bytes, name.length(), tag, true);
  }

  /** The size that counts against the table's. */
  int size() {
    return bytes.length + OVERHEAD;
  }

  /** True when this is the name. */
  boolean nameIs(String name) {
    return new String(bytes, 0, nameLength, StandardCharsets.ISO_8859_1).equals(name);
  }
}
