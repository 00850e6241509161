package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Configuration trees from YAML, without positions. */
final class Config {
  private static final Position NOWHERE = new Position("test", 0, 0);

  private Config() {}

  static ConfigNode read(String yaml) {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return node(loaded, "", new Problems());
  }

  private static ConfigNode node(Object value, String path, Problems problems) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        map.forEach((key, child) ->
            entries.put(
                key.toString(),
                node(child, path.isEmpty() ? key.toString() : path + "." + key, problems)));
        yield ConfigNode.map(entries, NOWHERE, path, problems);
      }
      case List<?> list -> {
        List<ConfigNode> items = new ArrayList<>();
        list.forEach(item -> items.add(node(item, path + "[" + items.size() + "]", problems)));
        yield ConfigNode.list(items, NOWHERE, path, problems);
      }
      case Integer number -> ConfigNode.scalar(number.longValue(), NOWHERE, path, problems);
      case null, default -> ConfigNode.scalar(value, NOWHERE, path, problems);
    };
  }
}
