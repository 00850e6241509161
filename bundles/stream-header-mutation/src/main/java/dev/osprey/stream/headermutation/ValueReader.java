package dev.osprey.stream.headermutation;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles a value with Envoy's command operators; mistakes are recorded with their column. */
final class ValueReader {
  private static final Pattern OPERATOR =
      Pattern.compile("%([A-Z][A-Z0-9_]*)(?:\\(([^)]*)\\))?(?::([0-9]{1,9}))?%");
  private static final Pattern NOT_IN_A_VALUE = Pattern.compile("[^\\t\\x20-\\x7e\\x80-\\xff]");
  private static final String HEADER = "[A-Za-z0-9!#$&'*+.^_`|~-]+";
  private static final Pattern OF_REQUEST = choice(HEADER + "|:(?i:METHOD|PATH|AUTHORITY|SCHEME)");
  private static final Pattern OF_RESPONSE = choice(HEADER + "|:(?i:STATUS)");

  private final boolean ofResponse;

  ValueReader(boolean ofResponse) {
    this.ofResponse = ofResponse;
  }

  Value read(ConfigNode node) {
    String format = node.asString();
    if (NOT_IN_A_VALUE.matcher(format).find()) {
      node.problem("a header's value");
    }
    List<Value.Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Matcher matcher = OPERATOR.matcher(format);
    int at = 0;
    while (at < format.length()) {
      if (format.charAt(at) != '%') {
        literal.append(format.charAt(at++));
      } else if (format.startsWith("%%", at)) {
        literal.append('%');
        at += 2;
      } else if (matcher.region(at, format.length()).lookingAt()) {
        flush(literal, pieces);
        Value.Piece piece = operator(node, matcher, at + 1);
        pieces.add(piece == null ? (stream, text) -> {} : piece);
        at = matcher.end();
      } else {
        say(node, "%NAME%, %NAME(ARGUMENT)%, %NAME(ARGUMENT):LENGTH% or %%", at + 1, "a lone %");
        at++;
      }
    }
    if (pieces.isEmpty()) {
      return Value.of(literal.toString());
    }
    flush(literal, pieces);
    return Value.of(pieces);
  }

  private static void flush(StringBuilder literal, List<Value.Piece> pieces) {
    if (!literal.isEmpty()) {
      String text = literal.toString();
      pieces.add((stream, value) -> value.append(text));
      literal.setLength(0);
    }
  }

  private Value.@Nullable Piece operator(ConfigNode node, Matcher matcher, int column) {
    String name = matcher.group(1);
    String argument = matcher.group(2);
    String length = matcher.group(3);
    boolean isField = name.equals("REQ") || name.equals("RESP");
    if (!isField && (argument != null || length != null)) {
      say(node, "%" + name + "% without an argument", column, matcher.group());
      return null;
    }
    if (!ofResponse && (name.equals("RESP") || name.equals("RESPONSE_CODE"))) {
      say(node, "an operator whose value is known before the answer", column, name);
      return null;
    }
    if (isField) {
      int most = length == null ? Integer.MAX_VALUE : Integer.parseInt(length);
      return field(node, name, argument, most, column);
    }
    Value.Piece plain = Operators.plain(name);
    if (plain == null) {
      List<String> names = Operators.names();
      node.say(
          "expected one of "
              + String.join(", ", names)
              + ", found \""
              + name
              + "\" at column "
              + column
              + Nearest.hint(name, names));
    }
    return plain;
  }

  private static Value.@Nullable Piece field(
      ConfigNode node, String operator, @Nullable String argument, int most, int column) {
    boolean ofRequest = operator.equals("REQ");
    Pattern names = ofRequest ? OF_REQUEST : OF_RESPONSE;
    if (argument == null || !names.matcher(argument).matches()) {
      say(
          node,
          "%" + operator + "(HEADER)% or %" + operator + "(HEADER?OTHER)%",
          column,
          argument == null ? "none" : "(" + argument + ")");
      return null;
    }
    return FieldPiece.of(argument, ofRequest, most);
  }

  /** One name, or two with a question mark between them. */
  private static Pattern choice(String name) {
    return Pattern.compile("(?:" + name + ")(?:\\?(?:" + name + "))?");
  }

  private static void say(ConfigNode node, String expected, int column, String found) {
    node.say("expected " + expected + ", found " + found + " at column " + column);
  }
}
