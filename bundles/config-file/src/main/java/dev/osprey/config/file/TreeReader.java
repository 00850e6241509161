package dev.osprey.config.file;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.ConfigPath;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.config.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Builds the tree from the parser's events, within bounds on depth, values and what aliases repeat.
 *
 * <p>A map or a list stands where its key does; a scalar stands where it is written.
 */
final class TreeReader {
  static final int MAX_DEPTH = 100;
  static final int MAX_VALUES = 1_000_000;
  static final int MAX_ALIASED_VALUES = 100_000;

  private final String source;
  private final Problems problems;
  private final Iterator<Event> events;
  private final Scalars scalars = new Scalars();
  private final Map<String, String> words = new HashMap<>();
  private final Map<Anchor, ConfigNode> anchors = new HashMap<>();
  private int values;
  private int aliased;

  TreeReader(String source, Problems problems, Iterable<Event> events) {
    this.source = source;
    this.problems = problems;
    this.events = events.iterator();
  }

  /** The only document; throws {@link UnreadableDocument} or an exception of the parser. */
  ConfigNode read() {
    Position start = new Position(source, 1, 1);
    events.next();
    Event document = events.next();
    if (document.getEventId() == Event.ID.StreamEnd) {
      throw new UnreadableDocument(start, "expected a map, found an empty document");
    }
    ConfigNode root = node(events.next(), ConfigPath.ROOT, 0, null);
    events.next();
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new UnreadableDocument(at(end), "expected one document, found another");
    }
    if (!root.isMap()) {
      throw new UnreadableDocument(root.position(), "expected a map, found " + root.describe());
    }
    return root;
  }

  private ConfigNode node(Event event, ConfigPath path, int depth, @Nullable Position key) {
    if (event instanceof AliasEvent alias) {
      return repeated(alias, path, depth);
    }
    count(at(event));
    ConfigNode node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar, path);
          case CollectionStartEvent start -> collection(start, path, depth, key);
          default -> throw new UnreadableDocument(at(event), "expected a value, found " + event);
        };
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    return node;
  }

  private ConfigNode scalar(ScalarEvent event, ConfigPath path) {
    Position position = at(event);
    try {
      Object value = scalars.value(event);
      Object kept = value instanceof String text ? once(text) : value;
      return ConfigNode.scalar(kept, position, path, problems);
    } catch (NumberFormatException e) {
      problems.add(new Problem(position, path.toString(), String.valueOf(e.getMessage())));
      return ConfigNode.scalar(null, position, path, problems);
    }
  }

  private ConfigNode collection(
      CollectionStartEvent start, ConfigPath path, int depth, @Nullable Position key) {
    Position position = key != null ? key : at(start);
    limit(depth, at(start));
    Optional<String> tag = start.getTag();
    if (tag.isPresent() && !tag.get().matches("!|tag:yaml\\.org,2002:(map|seq)")) {
      problems.add(
          new Problem(
              position,
              path.toString(),
              "expected a value without a tag, found the tag " + tag.get()));
    }
    return start.getEventId() == Event.ID.MappingStart
        ? map(position, path, depth)
        : list(position, path, depth);
  }

  private ConfigNode list(Position position, ConfigPath path, int depth) {
    List<ConfigNode> items = new ArrayList<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      items.add(node(next, path.item(items.size()), depth + 1, null));
    }
    return ConfigNode.list(List.copyOf(items), position, path, problems);
  }

  private ConfigNode map(Position position, ConfigPath path, int depth) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    Map<String, Position> keys = new HashMap<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      Position keyAt = at(next);
      String key = key(next);
      ConfigPath childPath = path.key(key);
      ConfigNode value = node(events.next(), childPath, depth + 1, keyAt);
      Position before = keys.putIfAbsent(key, keyAt);
      if (before == null) {
        entries.put(key, value);
      } else {
        problems.add(new Problem(keyAt, childPath.toString(), twice(key, before)));
      }
    }
    return ConfigNode.map(entries, position, path, problems);
  }

  private String key(Event event) {
    if (!(event instanceof ScalarEvent scalar)) {
      throw new UnreadableDocument(at(event), "expected a key that is a plain text");
    }
    if (scalar.isPlain() && scalar.getValue().equals("<<")) {
      throw new UnreadableDocument(
          at(event), "expected a key, found \"<<\": merge keys are not part of YAML 1.2");
    }
    scalar
        .getAnchor()
        .ifPresent(anchor ->
            anchors.put(
                anchor,
                ConfigNode.scalar(scalar.getValue(), at(event), ConfigPath.ROOT, problems)));
    return once(scalar.getValue());
  }

  /**
   * The same text once only: thousands of clusters have the same keys and mostly the same values.
   */
  private String once(String text) {
    String known = words.putIfAbsent(text, text);
    return known == null ? text : known;
  }

  private ConfigNode repeated(AliasEvent alias, ConfigPath path, int depth) {
    ConfigNode original = anchors.get(alias.getAlias());
    if (original == null) {
      throw new UnreadableDocument(
          at(alias), "expected an anchor that ends before, found *" + alias.getAlias());
    }
    return copy(original, path, depth, at(alias));
  }

  private ConfigNode copy(ConfigNode original, ConfigPath path, int depth, Position use) {
    count(use);
    limit(depth - 1, use);
    if (++aliased > MAX_ALIASED_VALUES) {
      throw new UnreadableDocument(
          use, "expected aliases to repeat at most " + MAX_ALIASED_VALUES + " values");
    }
    Position position = original.position();
    if (original.isMap()) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      original
          .entries()
          .forEach((key, value) -> entries.put(key, copy(value, path.key(key), depth + 1, use)));
      return ConfigNode.map(entries, position, path, problems);
    }
    if (original.isList()) {
      List<ConfigNode> items = new ArrayList<>();
      for (ConfigNode item : original.items()) {
        items.add(copy(item, path.item(items.size()), depth + 1, use));
      }
      return ConfigNode.list(List.copyOf(items), position, path, problems);
    }
    return ConfigNode.scalar(original.raw(), position, path, problems);
  }

  private static void limit(int depth, Position where) {
    if (depth >= MAX_DEPTH) {
      throw new UnreadableDocument(where, "expected at most " + MAX_DEPTH + " levels, found more");
    }
  }

  private void count(Position where) {
    if (++values > MAX_VALUES) {
      throw new UnreadableDocument(where, "expected at most " + MAX_VALUES + " values");
    }
  }

  private Position at(Event event) {
    Optional<Mark> mark = event.getStartMark();
    return mark.isPresent()
        ? new Position(source, mark.get().getLine() + 1, mark.get().getColumn() + 1)
        : new Position(source, 0, 0);
  }

  private static String twice(String key, Position before) {
    return "expected each key once, found \""
        + key
        + "\" here and in line "
        + before.line()
        + ", column "
        + before.column();
  }
}
