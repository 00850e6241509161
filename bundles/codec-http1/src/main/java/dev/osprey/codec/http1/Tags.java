package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.http.common.ForwardedPlan;

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

  /**
   * Lines of HTTP/1, and what the fields that the proxy adds are called here; there are no flags.
   */
  static final ForwardedPlan.Layout FORWARDED =
      new ForwardedPlan.Layout(
          "1.1", ": ", "\r\n", -1, FORWARDED_FOR, FORWARDED_PROTO, PLAIN, REQUEST_ID);

  private static final byte[] TE = Bytes.of("te");
  private static final byte[] HOST_NAME = Bytes.of("host");
  private static final byte[] EXPECT_NAME = Bytes.of("expect");
  private static final byte[] SERVER_NAME = Bytes.of("server");
  private static final byte[] UPGRADE_NAME = Bytes.of("upgrade");
  private static final byte[] TRAILER_NAME = Bytes.of("trailer");
  private static final byte[] CONNECTION_NAME = Bytes.of("connection");
  private static final byte[] KEEP_ALIVE = Bytes.of("keep-alive");
  private static final byte[] REQUEST_ID_NAME = Bytes.of("x-request-id");
  private static final byte[] CONTENT_LENGTH_NAME = Bytes.of("content-length");
  private static final byte[] HTTP2_SETTINGS = Bytes.of("http2-settings");
  private static final byte[] CODEC_NAME = Bytes.of("x-osprey-codec");
  private static final byte[] FORWARDED_FOR_NAME = Bytes.of("x-forwarded-for");
  private static final byte[] PROXY_CONNECTION = Bytes.of("proxy-connection");
  private static final byte[] TRANSFER_ENCODING_NAME = Bytes.of("transfer-encoding");
  private static final byte[] FORWARDED_PROTO_NAME = Bytes.of("x-forwarded-proto");

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
}
