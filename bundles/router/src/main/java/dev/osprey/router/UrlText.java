package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import java.nio.charset.StandardCharsets;

/** Parts of URLs: what a configuration may put there, and what of a request may be put there. */
final class UrlText {
  private static final String HEX = "0123456789ABCDEF";

  private UrlText() {}

  /** A path, perhaps with a query, for a request line or a Location. */
  static String path(ConfigNode node, String key) {
    String text = node.string(key, "/");
    if (!text.startsWith("/") || !text.chars().allMatch(c -> isPlain(c) && c != '#')) {
      node.required(key).problem("a path that starts with / and holds visible ASCII only");
    }
    return text;
  }

  /** A host with an optional port. */
  static String authority(ConfigNode node, String key) {
    String text = node.string(key, "");
    if (!text.matches("[A-Za-z0-9._~%\\[\\]:-]+")) {
      node.required(key).problem("a host with an optional port");
    }
    return text;
  }

  /** Appends bytes of a request, percent-encoded where they are not visible ASCII. */
  static void append(byte[] bytes, int start, int end, StringBuilder out) {
    for (int i = start; i < end; i++) {
      int b = bytes[i] & 0xff;
      if (isPlain(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 15));
      }
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
  }
}
