package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.ForwardedPlan;

/**
 * What is known of a field by its name. A tag is the number of the name in the static table, so
 * that it is written as that number; names that are not in it but mean something have numbers
 * behind; all others are {@link #PLAIN}.
 */
final class Names {
  static final int PLAIN = 0;
  static final int AUTHORITY = 1;
  static final int METHOD = 2;
  static final int PATH = 4;
  static final int SCHEME = 6;
  static final int STATUS = 8;
  static final int CONTENT_LENGTH = 28;
  static final int COOKIE = 32;
  static final int HOST = 38;
  static final int SERVER = 54;
  static final int TRANSFER_ENCODING = 57;
  static final int VIA = 60;
  static final int PROTOCOL = 62;
  static final int CONNECTION = 63;
  static final int KEEP_ALIVE = 64;
  static final int PROXY_CONNECTION = 65;
  static final int UPGRADE = 66;
  static final int HTTP2_SETTINGS = 67;
  static final int TE = 68;
  static final int FORWARDED_FOR = 69;
  static final int FORWARDED_PROTO = 70;
  static final int REQUEST_ID = 71;

  /** The field that names the serving codec's version. */
  static final int CODEC = 72;

  static final int WEBSOCKET_KEY = 73;
  static final int WEBSOCKET_ACCEPT = 74;

  /** A flag beside the tag: the field must never enter a table (RFC 7541 section 7.1.3). */
  static final int NEVER_INDEXED = 1 << 8;

  /** The tag without flags. */
  static final int TAG = NEVER_INDEXED - 1;

  /** How the fields that the proxy adds stand in a head, and what they are called here. */
  static final ForwardedPlan.Layout FORWARDED =
      new ForwardedPlan.Layout("2", "", "", TAG, FORWARDED_FOR, FORWARDED_PROTO, VIA, REQUEST_ID);

  private static final String[] MORE = {
    ":protocol",
    "connection",
    "keep-alive",
    "proxy-connection",
    "upgrade",
    "http2-settings",
    "te",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
    "x-osprey-codec",
    "sec-websocket-key",
    "sec-websocket-accept"
  };

  private static final int SLOTS = 512;
  private static final byte[][] NAMES = new byte[SLOTS][];
  private static final byte[] TAGS = new byte[SLOTS];
  private static final boolean[] OF_CONNECTION =
      set(CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, UPGRADE, HTTP2_SETTINGS, TRANSFER_ENCODING);

  static {
    for (int i = 1; i <= StaticTable.SIZE; i++) {
      TableEntry entry = StaticTable.get(i);
      if (entry.tag() == i) {
        put(java.util.Arrays.copyOf(entry.bytes(), entry.nameLength()), i);
      }
    }
    for (int i = 0; i < MORE.length; i++) {
      put(Bytes.of(MORE[i]), PROTOCOL + i);
    }
  }

  private Names() {}

  /** The tag of the name between two offsets, which is in lower case. */
  static int of(byte[] a, int start, int end) {
    int length = end - start;
    if (length == 0) {
      return PLAIN;
    }
    for (int slot = slot(a, start, length); ; slot = (slot + 1) & (SLOTS - 1)) {
      byte[] name = NAMES[slot];
      if (name == null) {
        return PLAIN;
      }
      if (name.length == length && java.util.Arrays.equals(name, 0, length, a, start, end)) {
        return TAGS[slot];
      }
    }
  }

  /** A set of tags. */
  static boolean[] set(int... tags) {
    boolean[] set = new boolean[TAG + 1];
    for (int tag : tags) {
      set[tag] = true;
    }
    return set;
  }

  /** True for a pseudo-header field. */
  static boolean isPseudo(int tag) {
    return (tag >= AUTHORITY && tag <= STATUS + 6) || tag == PROTOCOL;
  }

  /** True for a field that belongs to one connection of HTTP/1 (RFC 9113 section 8.2.2). */
  static boolean isOfConnection(int tag) {
    return OF_CONNECTION[tag];
  }

  private static void put(byte[] name, int tag) {
    int slot = slot(name, 0, name.length);
    while (NAMES[slot] != null) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    NAMES[slot] = name;
    TAGS[slot] = (byte) tag;
  }

  private static int slot(byte[] a, int start, int length) {
    int hash = length * 31 + a[start];
    hash = hash * 31 + a[start + length / 2];
    hash = hash * 31 + a[start + length - 1];
    return (hash ^ (hash >>> 7)) & (SLOTS - 1);
  }
}
