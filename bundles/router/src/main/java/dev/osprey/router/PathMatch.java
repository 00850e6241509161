package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The condition on the path, its query excluded.
 *
 * @param text what to compare with
 * @param whole true for the whole path, false for its start
 * @param caseSensitive false: ASCII letters compare without regard to case
 */
record PathMatch(byte[] text, boolean whole, boolean caseSensitive) {
  /** Reads {@code prefix} or {@code path} of a {@code match}. */
  static PathMatch from(ConfigNode match) {
    ConfigNode prefix = match.get("prefix").orElse(null);
    ConfigNode path = match.get("path").orElse(null);
    if ((prefix == null) == (path == null)) {
      match.say("expected one of prefix, path, found " + (prefix == null ? "neither" : "both"));
    }
    boolean caseSensitive = match.flag("case_sensitive", true);
    ConfigNode node = path != null ? path : prefix;
    return new PathMatch(text(node), path != null, caseSensitive);
  }

  private static byte[] text(@Nullable ConfigNode node) {
    if (node == null) {
      return new byte[0];
    }
    String text = node.asString();
    if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
      node.problem("a path without a query");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  boolean fits(byte[] bytes, int start, int end) {
    int length = end - start;
    if (whole ? length != text.length : length < text.length) {
      return false;
    }
    return caseSensitive
        ? Bytes.same(text, bytes, start)
        : Bytes.sameWithoutCase(text, bytes, start);
  }

  /** Whether it is the prefix {@code /}, the start of every path. */
  boolean isCatchAll() {
    return !whole && text.length == 1 && text[0] == '/';
  }

  /** True when both compare with the same bytes. */
  boolean isLike(PathMatch other) {
    return Arrays.equals(text, other.text);
  }

  String sample() {
    String sample = new String(text, StandardCharsets.ISO_8859_1);
    return whole ? sample + "?rehearsal" : sample + "x";
  }
}
