package dev.osprey.router;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.osprey.spi.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A condition on a value, in the words of Envoy's StringMatcher. */
sealed interface TextMatch {
  boolean fits(byte[] bytes, int start, int end);

  /** A value that may fit. */
  String sample();

  static TextMatch from(ConfigNode node) {
    List<String> kinds = List.of("exact", "prefix", "suffix", "contains", "safe_regex");
    node.allowOnly("exact", "prefix", "suffix", "contains", "safe_regex", "ignore_case");
    List<String> given = kinds.stream().filter(node::has).toList();
    if (given.size() != 1) {
      node.say("expected one of " + String.join(", ", kinds) + ", found " + given.size());
      return new Present(true);
    }
    String kind = given.getFirst();
    boolean caseSensitive = !node.flag("ignore_case", false);
    if (kind.equals("safe_regex")) {
      return Regex.from(node.required(kind), caseSensitive);
    }
    byte[] text = node.required(kind).asString().getBytes(StandardCharsets.UTF_8);
    return switch (kind) {
      case "exact" -> new Exact(text, caseSensitive);
      case "prefix" -> new Prefix(text, caseSensitive);
      case "suffix" -> new Suffix(text, caseSensitive);
      default -> new Contains(text, caseSensitive);
    };
  }

  private static boolean same(byte[] text, byte[] bytes, int start, boolean caseSensitive) {
    return caseSensitive
        ? Bytes.same(text, bytes, start)
        : Bytes.sameWithoutCase(text, bytes, start);
  }

  private static String string(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** That there is a value, or that there is none. */
  record Present(boolean wanted) implements TextMatch {
    @Override
    public boolean fits(byte[] bytes, int start, int end) {
      return wanted;
    }

    @Override
    public String sample() {
      return "rehearsal";
    }
  }

  /** The whole value. */
  record Exact(byte[] text, boolean caseSensitive) implements TextMatch {
    @Override
    public boolean fits(byte[] bytes, int start, int end) {
      return end - start == text.length && same(text, bytes, start, caseSensitive);
    }

    @Override
    public String sample() {
      return string(text);
    }
  }

  /** The value's start. */
  record Prefix(byte[] text, boolean caseSensitive) implements TextMatch {
    @Override
    public boolean fits(byte[] bytes, int start, int end) {
      return end - start >= text.length && same(text, bytes, start, caseSensitive);
    }

    @Override
    public String sample() {
      return string(text) + "x";
    }
  }

  /** The value's end. */
  record Suffix(byte[] text, boolean caseSensitive) implements TextMatch {
    @Override
    public boolean fits(byte[] bytes, int start, int end) {
      return end - start >= text.length && same(text, bytes, end - text.length, caseSensitive);
    }

    @Override
    public String sample() {
      return "x" + string(text);
    }
  }

  /** A part of the value. */
  record Contains(byte[] text, boolean caseSensitive) implements TextMatch {
    @Override
    public boolean fits(byte[] bytes, int start, int end) {
      return Bytes.contains(text, bytes, start, end, caseSensitive);
    }

    @Override
    public String sample() {
      return "x" + string(text) + "x";
    }
  }

  /**
   * The whole value by a regular expression of RE2, which takes time in proportion to the value
   * whatever the expression. Makes a string.
   */
  record Regex(Pattern pattern) implements TextMatch {
    static TextMatch from(ConfigNode node, boolean caseSensitive) {
      node.allowOnly("regex", "google_re2");
      String regex = node.requiredString("regex");
      try {
        return new Regex(Pattern.compile(regex, caseSensitive ? 0 : Pattern.CASE_INSENSITIVE));
      } catch (PatternSyntaxException e) {
        node.required("regex").problem("a regular expression of RE2 (" + e.getMessage() + ")");
        return new Present(true);
      }
    }

    @Override
    public boolean fits(byte[] bytes, int start, int end) {
      return pattern.matches(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
    }

    @Override
    public String sample() {
      return "rehearsal";
    }
  }
}
