package dev.osprey.load;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON: numbers, booleans, text, durations (seconds), lists, maps and records
 * inside them.
 */
public final class Json {
  private Json() {}

  /** The JSON form of one value, on one line. */
  public static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      case Duration duration -> Double.toString(duration.toNanos() / 1e9);
      case List<?> list -> list.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          members(
              map.entrySet().stream().map(e -> member(String.valueOf(e.getKey()), e.getValue())));
      case Record object ->
          members(Stream.of(object.getClass().getRecordComponents()).map(c -> member(c, object)));
      default -> quoted(value.toString());
    };
  }

  private static String members(Stream<String> members) {
    return members.collect(Collectors.joining(",", "{", "}"));
  }

  private static String member(RecordComponent component, Object owner) {
    try {
      return member(component.getName(), component.getAccessor().invoke(owner));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String member(String name, @Nullable Object value) {
    return quoted(name) + ":" + of(value);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
