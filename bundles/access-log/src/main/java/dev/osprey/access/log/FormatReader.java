package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles a format string into operators; mistakes are recorded with their column. */
final class FormatReader {
  private static final Pattern OPERATOR =
      Pattern.compile("%([A-Z][A-Z0-9_]*)(?:\\(([^)]*)\\))?(?::([0-9]{1,9}))?%");
  private static final String HEADER = "[A-Za-z0-9!#$&'*+.^_`|~-]+";
  private static final Pattern OF_REQUEST = choice(HEADER + "|:(?i:METHOD|PATH|AUTHORITY|SCHEME)");
  private static final Pattern OF_RESPONSE = choice(HEADER + "|:(?i:STATUS)");

  private final String format;
  private final ConfigNode node;
  private final boolean json;
  private final List<Operator> operators = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();

  private FormatReader(String format, ConfigNode node, boolean json) {
    this.format = format;
    this.node = node;
    this.json = json;
  }

  /**
   * Compiles.
   *
   * @param node where mistakes are recorded
   * @param json true when literals stand inside of a JSON string
   */
  static List<Operator> read(String format, ConfigNode node, boolean json) {
    return new FormatReader(format, node, json).read();
  }

  private List<Operator> read() {
    Matcher matcher = OPERATOR.matcher(format);
    int at = 0;
    while (at < format.length()) {
      if (format.charAt(at) != '%') {
        literal.append(format.charAt(at++));
      } else if (format.startsWith("%%", at)) {
        literal.append('%');
        at += 2;
      } else if (matcher.region(at, format.length()).lookingAt()) {
        flush();
        operator(matcher, at + 1);
        at = matcher.end();
      } else {
        say("%NAME%, %NAME(ARGUMENT)%, %NAME(ARGUMENT):LENGTH% or %%", at + 1, "a lone %");
        at++;
      }
    }
    flush();
    return List.copyOf(operators);
  }

  private void flush() {
    if (!literal.isEmpty()) {
      String text = literal.toString();
      byte[] bytes = json ? Json.inside(text) : text.getBytes(StandardCharsets.UTF_8);
      operators.add(new Literal(bytes));
      literal.setLength(0);
    }
  }

  private void operator(Matcher matcher, int column) {
    String name = matcher.group(1);
    String argument = matcher.group(2);
    String length = matcher.group(3);
    boolean isField = name.equals("REQ") || name.equals("RESP");
    if (length != null && !isField) {
      say("%" + name + "% without a length", column, matcher.group());
      return;
    }
    int most = length == null ? Integer.MAX_VALUE / 2 : Integer.parseInt(length);
    switch (name) {
      case "REQ", "RESP" -> field(name, argument, most, column);
      case "START_TIME" -> startTime(argument, column);
      default -> plain(name, argument, column);
    }
  }

  private void field(String name, @Nullable String argument, int most, int column) {
    Pattern names = name.equals("REQ") ? OF_REQUEST : OF_RESPONSE;
    if (argument == null || !names.matcher(argument).matches()) {
      say(
          "%" + name + "(HEADER)% or %" + name + "(HEADER?OTHER)%",
          column,
          argument == null ? "none" : "(" + argument + ")");
      return;
    }
    operators.add(FieldOperator.of(argument, name.equals("REQ"), most));
  }

  /** One name, or two with a question mark between them. */
  private static Pattern choice(String name) {
    return Pattern.compile("(?:" + name + ")(?:\\?(?:" + name + "))?");
  }

  private void startTime(@Nullable String argument, int column) {
    String wanted = argument == null || argument.isEmpty() ? TimeFormat.DEFAULT : argument;
    try {
      operators.add(TimeFormat.read(wanted));
    } catch (IllegalArgumentException e) {
      say(String.valueOf(e.getMessage()), column, wanted);
    }
  }

  private void plain(String name, @Nullable String argument, int column) {
    Operator operator = name.equals("HOSTNAME") ? Hostname.operator() : Operators.plain(name);
    if (operator == null) {
      List<String> names = Operators.names();
      node.say(
          "expected one of "
              + String.join(", ", names)
              + ", found \""
              + name
              + "\" at column "
              + column
              + Nearest.hint(name, names));
    } else if (argument != null) {
      say("%" + name + "% without an argument", column, "(" + argument + ")");
    } else {
      operators.add(operator);
    }
  }

  private void say(String expected, int column, String found) {
    node.say("expected " + expected + ", found " + found + " at column " + column);
  }
}
