package dev.osprey.spi.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node of the configuration tree: a map, a list, a scalar or null, with its place in the
 * document.
 *
 * <p>Reading never throws on bad input. Each reader records what is wrong in the tree's {@link
 * Problems} and returns its default (or an empty value), so one run finds all mistakes; the host
 * discards a plan whose reading left problems. Keys are snake_case as in Envoy's API.
 *
 * <p>Immutable but for the shared collector; read on the control thread.
 */
public final class ConfigNode {
  private final @Nullable Object value;
  private final Position position;
  private final Object path; // a ConfigPath, or its words
  private final Problems problems;

  private ConfigNode(@Nullable Object value, Position position, Object path, Problems problems) {
    this.value = value;
    this.position = position;
    this.path = path;
    this.problems = problems;
  }

  /** A map node; the order of {@code entries} is kept. */
  public static ConfigNode map(
      Map<String, ConfigNode> entries, Position position, String path, Problems problems) {
    return new ConfigNode(Entries.of(entries), position, path, problems);
  }

  /** A map node; the order of {@code entries} is kept. */
  public static ConfigNode map(
      Map<String, ConfigNode> entries, Position position, ConfigPath path, Problems problems) {
    return new ConfigNode(Entries.of(entries), position, path, problems);
  }

  /** A list node. */
  public static ConfigNode list(
      List<ConfigNode> items, Position position, String path, Problems problems) {
    return new ConfigNode(items, position, path, problems);
  }

  /** A list node. */
  public static ConfigNode list(
      List<ConfigNode> items, Position position, ConfigPath path, Problems problems) {
    return new ConfigNode(items, position, path, problems);
  }

  /** A scalar: a String, a Boolean, a Long, a Double, or null. */
  public static ConfigNode scalar(
      @Nullable Object value, Position position, String path, Problems problems) {
    return new ConfigNode(value, position, path, problems);
  }

  /** A scalar: a String, a Boolean, a Long, a Double, or null. */
  public static ConfigNode scalar(
      @Nullable Object value, Position position, ConfigPath path, Problems problems) {
    return new ConfigNode(value, position, path, problems);
  }

  /** The same tree with another collector. */
  public ConfigNode collecting(Problems others) {
    if (isMap()) {
      Map<String, ConfigNode> copies = LinkedHashMap.newLinkedHashMap(entries().size());
      entries().forEach((key, child) -> copies.put(key, child.collecting(others)));
      return new ConfigNode(Entries.of(copies), position, path, others);
    }
    if (isList()) {
      List<ConfigNode> copies = items().stream().map(item -> item.collecting(others)).toList();
      return new ConfigNode(copies, position, path, others);
    }
    return new ConfigNode(value, position, path, others);
  }

  /** Where the node stands. */
  public Position position() {
    return position;
  }

  /** The node's path, for example {@code static_resources.clusters[0].name}; empty for the root. */
  public String path() {
    return path.toString();
  }

  /** The collector that all nodes of the document share. */
  public Problems problems() {
    return problems;
  }

  /** Records that this node is wrong: {@code expected ..., found ...}. */
  public void problem(String expected) {
    say("expected " + expected + ", found " + describe());
  }

  /** Records a mistake of this node in the caller's own words. */
  public void say(String message) {
    problems.add(new Problem(position, path(), message));
  }

  /** True for a map. */
  public boolean isMap() {
    return value instanceof Map;
  }

  /** True for a list. */
  public boolean isList() {
    return value instanceof List;
  }

  /** True for an explicit null. */
  public boolean isNull() {
    return value == null;
  }

  /** The keys of a map in document order; empty for anything else. */
  public Set<String> keys() {
    return entries().keySet();
  }

  /** The entries of a map in document order; empty for anything else. */
  @SuppressWarnings("unchecked") // only map() stores a Map
  public Map<String, ConfigNode> entries() {
    return value instanceof Map ? (Map<String, ConfigNode>) value : Map.of();
  }

  /** The items of a list; empty for anything else. */
  @SuppressWarnings("unchecked") // only list() stores a List
  public List<ConfigNode> items() {
    return value instanceof List ? (List<ConfigNode>) value : List.of();
  }

  /** Refuses every key of this map but these, each with the nearest of them; returns this node. */
  public ConfigNode allowOnly(String... allowed) {
    if (!isMap()) {
      problem("a map with keys " + String.join(", ", allowed));
      return this;
    }
    List<String> known = Arrays.asList(allowed);
    entries()
        .forEach((key, child) -> {
          if (!known.contains(key)) {
            child.say(
                "expected one of "
                    + String.join(", ", known)
                    + ", found \""
                    + key
                    + "\""
                    + Nearest.hint(key, known));
          }
        });
    return this;
  }

  /** True when the map has that key with a value that is not null. */
  public boolean has(String key) {
    ConfigNode child = entries().get(key);
    return child != null && !child.isNull();
  }

  /** The child of that key, unless it is missing or null. */
  public Optional<ConfigNode> get(String key) {
    ConfigNode child = entries().get(key);
    return child == null || child.isNull() ? Optional.empty() : Optional.of(child);
  }

  /** The child of that key; when missing, a problem and an empty map in its place. */
  public ConfigNode required(String key) {
    return get(key)
        .orElseGet(() -> {
          ConfigNode missing = map(Map.of(), position, childPath(key), problems);
          missing.say("expected a value, found nothing");
          return missing;
        });
  }

  /** This scalar as text; a problem and {@code ""} for anything but a string. */
  public String asString() {
    if (value instanceof String text) {
      return text;
    }
    problem("a string");
    return "";
  }

  /** The string of that key, or {@code otherwise}. */
  public String string(String key, String otherwise) {
    return get(key).map(ConfigNode::asString).orElse(otherwise);
  }

  /** The string of that key, which must be there and not be empty. */
  public String requiredString(String key) {
    Optional<ConfigNode> child = get(key);
    if (child.isEmpty()) {
      required(key);
      return "";
    }
    String text = child.get().asString();
    if (text.isEmpty() && child.get().value instanceof String) {
      child.get().problem("a string that is not empty");
    }
    return text;
  }

  /** The boolean of that key, or {@code otherwise}. */
  public boolean flag(String key, boolean otherwise) {
    Optional<ConfigNode> child = get(key);
    if (child.isEmpty()) {
      return otherwise;
    }
    if (child.get().value instanceof Boolean flag) {
      return flag;
    }
    child.get().problem("true or false");
    return otherwise;
  }

  /** The whole number of that key, from {@code least} to {@code most}, or {@code otherwise}. */
  public long number(String key, long otherwise, long least, long most) {
    Optional<ConfigNode> child = get(key);
    if (child.isEmpty()) {
      return otherwise;
    }
    if (child.get().value instanceof Long number && number >= least && number <= most) {
      return number;
    }
    child.get().problem("a whole number from " + least + " to " + most);
    return otherwise;
  }

  /** As {@link #number}, for an int. */
  public int integer(String key, int otherwise, int least, int most) {
    return (int) number(key, otherwise, least, most);
  }

  /** The duration of that key, written as seconds with an s ({@code 0.25s}), or the default. */
  public Duration duration(String key, Duration otherwise) {
    Optional<ConfigNode> child = get(key);
    if (child.isEmpty()) {
      return otherwise;
    }
    if (child.get().value instanceof String text && text.matches("\\d{1,9}(\\.\\d{1,9})?s")) {
      return Duration.ofNanos(
          new java.math.BigDecimal(text.substring(0, text.length() - 1))
              .movePointRight(9)
              .longValueExact());
    }
    child.get().problem("a duration in seconds such as \"5s\" or \"0.25s\"");
    return otherwise;
  }

  /** The enum constant of that key, by name, or {@code otherwise}. */
  public <E extends Enum<E>> E oneOf(String key, Class<E> type, E otherwise) {
    Optional<ConfigNode> child = get(key);
    if (child.isEmpty()) {
      return otherwise;
    }
    List<String> names = Stream.of(type.getEnumConstants()).map(Enum::name).toList();
    if (child.get().value instanceof String text) {
      if (names.contains(text)) {
        return Enum.valueOf(type, text);
      }
      child
          .get()
          .say(
              "expected one of "
                  + String.join(", ", names)
                  + ", found \""
                  + text
                  + "\""
                  + Nearest.hint(text.toUpperCase(Locale.ROOT), names));
      return otherwise;
    }
    child.get().problem("one of " + String.join(", ", names));
    return otherwise;
  }

  /** The map of that key read by {@code reader}; empty when missing. */
  public <T> Optional<T> object(String key, Function<ConfigNode, T> reader) {
    return get(key).map(reader);
  }

  /** Every item of the list of that key read by {@code reader}; empty when missing. */
  public <T> List<T> objects(String key, Function<ConfigNode, T> reader) {
    Optional<ConfigNode> child = get(key);
    if (child.isEmpty()) {
      return List.of();
    }
    if (!child.get().isList()) {
      child.get().problem("a list");
      return List.of();
    }
    List<T> read = new ArrayList<>();
    for (ConfigNode item : child.get().items()) {
      read.add(reader.apply(item));
    }
    return List.copyOf(read);
  }

  /** The strings of the list of that key; empty when missing. */
  public List<String> strings(String key) {
    return objects(key, ConfigNode::asString);
  }

  /** What the node holds, shortened, for messages. */
  public String describe() {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> ignored -> "a map";
      case List<?> ignored -> "a list";
      case String text -> "\"" + (text.length() > 80 ? text.substring(0, 77) + "..." : text) + "\"";
      default -> value.toString();
    };
  }

  /**
   * The content as text without positions, keys in alphabetical order: equal for equal content. The
   * key under which an unchanged plan is carried over; not meant to be parsed.
   */
  public String canonical() {
    StringBuilder out = new StringBuilder();
    canonical(out);
    return out.toString();
  }

  /** The scalar, or the children: a map of nodes, a list of nodes, a String, a number, null. */
  public @Nullable Object raw() {
    return value;
  }

  private String childPath(String key) {
    String own = path();
    return own.isEmpty() ? key : own + "." + key;
  }

  private void canonical(StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> ignored -> {
        out.append('{');
        new TreeMap<>(entries())
            .forEach((key, child) -> {
              quote(key, out);
              out.append(':');
              child.canonical(out);
              out.append(',');
            });
        out.append('}');
      }
      case List<?> ignored -> {
        out.append('[');
        items()
            .forEach(item -> {
              item.canonical(out);
              out.append(',');
            });
        out.append(']');
      }
      case String text -> quote(text, out);
      default -> out.append(value);
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }

  @Override
  public String toString() {
    return position + " " + path() + " " + describe();
  }
}
