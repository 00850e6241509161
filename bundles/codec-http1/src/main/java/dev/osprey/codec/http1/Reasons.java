package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import java.util.Arrays;

/** The reason phrases of RFC 9110 section 15, for heads that bring none. */
final class Reasons {
  private static final byte[] NONE = {};
  private static final byte[][] PHRASES = new byte[600][];

  static {
    Arrays.fill(PHRASES, NONE);
    put(100, "Continue", "Switching Protocols", "Processing", "Early Hints");
    put(200, "OK", "Created", "Accepted", "Non-Authoritative Information", "No Content");
    put(205, "Reset Content", "Partial Content");
    put(300, "Multiple Choices", "Moved Permanently", "Found", "See Other", "Not Modified");
    put(307, "Temporary Redirect", "Permanent Redirect");
    put(400, "Bad Request", "Unauthorized", "Payment Required", "Forbidden", "Not Found");
    put(405, "Method Not Allowed", "Not Acceptable", "Proxy Authentication Required");
    put(408, "Request Timeout", "Conflict", "Gone", "Length Required", "Precondition Failed");
    put(413, "Content Too Large", "URI Too Long", "Unsupported Media Type");
    put(416, "Range Not Satisfiable", "Expectation Failed");
    put(421, "Misdirected Request", "Unprocessable Content");
    put(426, "Upgrade Required");
    put(428, "Precondition Required", "Too Many Requests");
    put(431, "Request Header Fields Too Large");
    put(500, "Internal Server Error", "Not Implemented", "Bad Gateway", "Service Unavailable");
    put(504, "Gateway Timeout", "HTTP Version Not Supported");
  }

  private Reasons() {}

  /** The phrase of a status; empty for one that has none. */
  static byte[] of(int status) {
    return status < PHRASES.length ? PHRASES[status] : NONE;
  }

  private static void put(int first, String... phrases) {
    for (int i = 0; i < phrases.length; i++) {
      PHRASES[first + i] = Bytes.of(phrases[i]);
    }
  }
}
