package dev.osprey.jmh;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds configuration trees from plain maps and lists. */
public final class Trees {
  private static final Position HERE = new Position("benchmark", 1, 1);

  private Trees() {}

  /** A tree of maps, lists, strings, booleans and longs. */
  public static ConfigNode of(Object value) {
    return of(value, "", new Problems());
  }

  private static ConfigNode of(Object value, String path, Problems problems) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        map.forEach(
            (key, child) -> entries.put((String) key, of(child, path + "." + key, problems)));
        yield ConfigNode.map(entries, HERE, path, problems);
      }
      case List<?> list ->
          ConfigNode.list(
              list.stream().map(item -> of(item, path + "[]", problems)).toList(),
              HERE,
              path,
              problems);
      default -> ConfigNode.scalar(value, HERE, path, problems);
    };
  }
}
