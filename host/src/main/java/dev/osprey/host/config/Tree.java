package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes trees from trees. */
public final class Tree {
  private Tree() {}

  /** The same tree with a collector of its own, which starts with the problems known so far. */
  public static ConfigNode fresh(ConfigNode root) {
    Problems problems = new Problems();
    root.problems().all().forEach(problems::add);
    return copy(root, problems);
  }

  /** A map without some of its keys. */
  static ConfigNode without(ConfigNode map, Set<String> keys) {
    if (!map.isMap()) {
      return map;
    }
    Map<String, ConfigNode> rest = new LinkedHashMap<>(map.entries());
    rest.keySet().removeAll(keys);
    return ConfigNode.map(rest, map.position(), map.path(), map.problems());
  }

  /** A map with one more key. */
  static ConfigNode with(ConfigNode map, String key, ConfigNode value) {
    Map<String, ConfigNode> all = new LinkedHashMap<>(map.entries());
    all.put(key, value);
    return ConfigNode.map(all, map.position(), map.path(), map.problems());
  }

  private static ConfigNode copy(ConfigNode node, Problems problems) {
    if (node.isMap()) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      node.entries().forEach((key, child) -> entries.put(key, copy(child, problems)));
      return ConfigNode.map(entries, node.position(), node.path(), problems);
    }
    if (node.isList()) {
      List<ConfigNode> items = new ArrayList<>();
      node.items().forEach(item -> items.add(copy(item, problems)));
      return ConfigNode.list(items, node.position(), node.path(), problems);
    }
    return ConfigNode.scalar(node.raw(), node.position(), node.path(), problems);
  }
}
