package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Makes trees from trees. */
public final class Tree {
  private Tree() {}

  /** The same tree with a collector of its own, which starts with the problems known so far. */
  public static ConfigNode fresh(ConfigNode root) {
    Problems problems = new Problems();
    root.problems().all().forEach(problems::add);
    return root.collecting(problems);
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
}
