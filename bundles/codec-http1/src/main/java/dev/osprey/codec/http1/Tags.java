package dev.osprey.codec.http1;

import java.nio.charset.StandardCharsets;

/**
 * What the scanner knows of a field by its name. Fields that frame the message or belong to one
 * connection never enter a head's table; the others carry their tag there, mostly {@link #PLAIN}.
 */
final class Tags {
  /** Any field that is forwarded as it is. */
  static final int PLAIN = 0;

  static final int HOST = 1;
  static final int CONTENT_LENGTH = 2;
  static final int TRANSFER_ENCODING = 3;
  static final int CONNECTION = 4;

  /** Keep-Alive, Proxy-Connection, TE, HTTP2-Settings: for one connection only, never forwarded. */
  static final int HOP = 5;

  static final int UPGRADE = 6;
  static final int EXPECT = 7;
  static final int TRAILER = 8;
  static final int FORWARDED_FOR = 9;
  static final int FORWARDED_PROTO = 10;
  static final int REQUEST_ID = 11;
  static final int SERVER = 12;

  /** The field that names the serving codec's version. */
  static final int CODEC = 13;

  private static final byte[] TE = name("te");
  private static final byte[] HOST_NAME = name("host");
  private static final byte[] EXPECT_NAME = name("expect");
  private static final byte[] SERVER_NAME = name("server");
  private static final byte[] UPGRADE_NAME = name("upgrade");
  private static final byte[] TRAILER_NAME = name("trailer");
  private static final byte[] CONNECTION_NAME = name("connection");
  private static final byte[] KEEP_ALIVE = name("keep-alive");
  private static final byte[] REQUEST_ID_NAME = name("x-request-id");
  private static final byte[] CONTENT_LENGTH_NAME = name("content-length");
  private static final byte[] HTTP2_SETTINGS = name("http2-settings");
  private static final byte[] CODEC_NAME = name("x-osprey-codec");
  private static final byte[] FORWARDED_FOR_NAME = name("x-forwarded-for");
  private static final byte[] PROXY_CONNECTION = name("proxy-connection");
  private static final byte[] TRANSFER_ENCODING_NAME = name("transfer-encoding");
  private static final byte[] FORWARDED_PROTO_NAME = name("x-forwarded-proto");

  private Tags() {}

  /** The tag of the name between two offsets. */
  static int of(byte[] a, int start, int end) {
    return switch (end - start) {
      case 2 -> is(a, start, end, TE, HOP);
      case 4 -> is(a, start, end, HOST_NAME, HOST);
      case 6 -> either(a, start, end, EXPECT_NAME, EXPECT, SERVER_NAME, SERVER);
      case 7 -> either(a, start, end, UPGRADE_NAME, UPGRADE, TRAILER_NAME, TRAILER);
      case 10 -> either(a, start, end, CONNECTION_NAME, CONNECTION, KEEP_ALIVE, HOP);
      case 12 -> is(a, start, end, REQUEST_ID_NAME, REQUEST_ID);
      case 14 -> ofFourteen(a, start, end);
      case 15 -> is(a, start, end, FORWARDED_FOR_NAME, FORWARDED_FOR);
      case 16 -> is(a, start, end, PROXY_CONNECTION, HOP);
      case 17 ->
          either(
              a,
              start,
              end,
              TRANSFER_ENCODING_NAME,
              TRANSFER_ENCODING,
              FORWARDED_PROTO_NAME,
              FORWARDED_PROTO);
      default -> PLAIN;
    };
  }

  /** True for a field that frames a message or belongs to one connection. */
  static boolean isOfConnection(int tag) {
    return tag >= HOST && tag <= UPGRADE;
  }

  private static int ofFourteen(byte[] a, int start, int end) {
    int tag = either(a, start, end, CONTENT_LENGTH_NAME, CONTENT_LENGTH, HTTP2_SETTINGS, HOP);
    return tag == PLAIN ? is(a, start, end, CODEC_NAME, CODEC) : tag;
  }

  private static int is(byte[] a, int start, int end, byte[] name, int tag) {
    return Chars.lower(a[start]) == name[0] && Chars.spells(a, start, end, name) ? tag : PLAIN;
  }

  private static int either(
      byte[] a, int start, int end, byte[] name, int tag, byte[] otherName, int otherTag) {
    int first = is(a, start, end, name, tag);
    return first == PLAIN ? is(a, start, end, otherName, otherTag) : first;
  }

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
