package dev.osprey.testkit;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Makes configuration trees for tests. */
public final class ConfigNodes {
  private static final Position NOWHERE = new Position("test", 0, 0);

  private ConfigNodes() {}

  /** An empty map. */
  public static ConfigNode empty() {
    return of(Map.of());
  }

  /**
   * A tree out of maps (with String keys, order kept), lists, strings, booleans, numbers and nulls.
   * Without positions.
   */
  public static ConfigNode of(@Nullable Object value) {
    return of(value, "", new Problems());
  }

  /**
   * A tree out of JSON, which may use single quotes; positions are those of the text.
   *
   * @throws IllegalArgumentException when it is not JSON, since the test is wrong then
   */
  public static ConfigNode json(String text) {
    return new JsonReader(text).read();
  }

  /**
   * A tree out of YAML, without positions.
   *
   * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException when it is not YAML
   */
  public static ConfigNode yaml(String text) {
    return of(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  /** The mistakes found while the tree was read, one a line; empty for none. */
  public static String problems(ConfigNode node) {
    StringBuilder lines = new StringBuilder();
    node.problems().all().forEach(problem -> lines.append(problem).append('\n'));
    return lines.toString();
  }

  private static ConfigNode of(@Nullable Object value, String path, Problems problems) {
    return switch (value) {
      case null -> ConfigNode.scalar(null, NOWHERE, path, problems);
      case Map<?, ?> map -> map(map, path, problems);
      case List<?> list -> list(list, path, problems);
      case Integer number -> ConfigNode.scalar(number.longValue(), NOWHERE, path, problems);
      case String s -> ConfigNode.scalar(s, NOWHERE, path, problems);
      case Boolean b -> ConfigNode.scalar(b, NOWHERE, path, problems);
      case Long l -> ConfigNode.scalar(l, NOWHERE, path, problems);
      case Double d -> ConfigNode.scalar(d, NOWHERE, path, problems);
      default -> throw new IllegalArgumentException("no configuration has a " + value.getClass());
    };
  }

  private static ConfigNode map(Map<?, ?> map, String path, Problems problems) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    map.forEach((key, child) -> entries.put((String) key, of(child, path(path, key), problems)));
    return ConfigNode.map(entries, NOWHERE, path, problems);
  }

  private static ConfigNode list(List<?> list, String path, Problems problems) {
    List<ConfigNode> items = new java.util.ArrayList<>();
    for (Object item : list) {
      items.add(of(item, path + "[" + items.size() + "]", problems));
    }
    return ConfigNode.list(items, NOWHERE, path, problems);
  }

  static String path(String parent, Object key) {
    return parent.isEmpty() ? key.toString() : parent + "." + key;
  }
}
