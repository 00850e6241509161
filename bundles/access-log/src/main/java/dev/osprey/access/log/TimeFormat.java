package dev.osprey.access.log;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads strftime's format for {@code %START_TIME(...)%}. */
final class TimeFormat {
  /** {@code 2026-01-31T23:59:59.123Z}. */
  static final String DEFAULT = "%Y-%m-%dT%H:%M:%S.%3fZ";

  private final List<StartTime.Piece> pieces = new ArrayList<>();
  private DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
  private boolean empty = true;

  private TimeFormat() {}

  /**
   * Reads a format.
   *
   * @throws IllegalArgumentException when a specifier is not known; the message names it
   */
  static StartTime read(String format) {
    TimeFormat reader = new TimeFormat();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      i += c == '%' ? reader.specifier(format, i + 1) : reader.literal(c);
    }
    reader.flush();
    return new StartTime(reader.pieces);
  }

  /** Returns how many characters it took. */
  private int specifier(String format, int at) {
    char c = at < format.length() ? format.charAt(at) : ' ';
    boolean isFraction =
        c >= '1' && c <= '9' && at + 1 < format.length() && format.charAt(at + 1) == 'f';
    if (isFraction) {
      add(StartTime.Piece.fraction(c - '0'));
      return 2;
    }
    if (c == 'f') {
      add(StartTime.Piece.fraction(9));
    } else if (c == 's') {
      add(StartTime.Piece.epochSecond());
    } else if (c == '%') {
      literal(c);
    } else {
      pattern(c);
    }
    return 1;
  }

  private void pattern(char c) {
    String pattern = patternOf(c);
    if (pattern == null) {
      throw new IllegalArgumentException(
          "a time format of strftime without %" + c + " (known: %Y %m %d %H %M %S and so on)");
    }
    builder.appendPattern(pattern);
    empty = false;
  }

  private static @Nullable String patternOf(char c) {
    return switch (c) {
      case 'Y' -> "uuuu";
      case 'y' -> "uu";
      case 'm' -> "MM";
      case 'd' -> "dd";
      case 'e' -> "ppd";
      case 'H' -> "HH";
      case 'I' -> "hh";
      case 'M' -> "mm";
      case 'S' -> "ss";
      case 'j' -> "DDD";
      case 'p' -> "a";
      case 'b', 'h' -> "MMM";
      case 'B' -> "MMMM";
      case 'a' -> "EEE";
      case 'A' -> "EEEE";
      case 'F' -> "uuuu-MM-dd";
      case 'T' -> "HH:mm:ss";
      case 'R' -> "HH:mm";
      case 'D' -> "MM/dd/uu";
      case 'z' -> "'+0000'";
      case 'Z' -> "'UTC'";
      default -> null;
    };
  }

  private int literal(char c) {
    builder.appendLiteral(c);
    empty = false;
    return 0;
  }

  private void add(StartTime.Piece piece) {
    flush();
    pieces.add(piece);
  }

  private void flush() {
    if (!empty) {
      DateTimeFormatter formatter = builder.toFormatter(Locale.ENGLISH);
      pieces.add(StartTime.Piece.of(formatter));
      builder = new DateTimeFormatterBuilder();
      empty = true;
    }
  }
}
