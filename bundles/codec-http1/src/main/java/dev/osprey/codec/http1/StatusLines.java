package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import java.util.Arrays;

/**
 * Status lines with the reason phrases of RFC 9110 section 15, for heads that bring none or those.
 */
final class StatusLines {
  /** Where the reason begins in a line. */
  static final int REASON = "HTTP/1.1 200 ".length();

  private static final byte[] UNKNOWN = {};
  private static final byte[][] LINES = new byte[600][];

  static {
    Arrays.fill(LINES, UNKNOWN);
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

  private StatusLines() {}

  /** The line of a status of three digits; with an empty reason for one that has none. */
  static byte[] of(int status) {
    byte[] line = status < LINES.length ? LINES[status] : UNKNOWN;
    return line.length == 0 ? line(status, "") : line;
  }

  /** True when a range of bytes is the reason in a line of {@link #of}. */
  static boolean isReason(byte[] line, byte[] bytes, int start, int end) {
    return Arrays.equals(line, REASON, line.length - 2, bytes, start, end);
  }

  private static byte[] line(int status, String reason) {
    return Bytes.of("HTTP/1.1 " + status + " " + reason + "\r\n");
  }

  private static void put(int first, String... phrases) {
    for (int i = 0; i < phrases.length; i++) {
      LINES[first + i] = line(first + i, phrases[i]);
    }
  }
}
