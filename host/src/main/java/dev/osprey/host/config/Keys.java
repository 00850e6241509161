package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import java.util.List;

/**
 * The keys of one message: those read, and those that Envoy knows and this proxy refuses.
 *
 * @param read the keys that mean something here
 * @param refused keys of Envoy's message that are not supported
 */
record Keys(List<String> read, List<String> refused) {
  /** Keys of which all others are slips. */
  static Keys of(String... read) {
    return new Keys(List.of(read), List.of());
  }

  /** The same, with names that Envoy knows. */
  Keys refusing(String... names) {
    return new Keys(read, List.of(names));
  }

  /** Records a problem for every other key of a map; returns the map. */
  ConfigNode check(ConfigNode node) {
    if (!node.isMap()) {
      node.problem("a map with keys " + String.join(", ", read));
      return node;
    }
    node.entries().forEach(this::check);
    return node;
  }

  private void check(String key, ConfigNode child) {
    if (read.contains(key)) {
      return;
    }
    child.say(
        refused.contains(key)
            ? "\"" + key + "\" is not supported; expected one of " + String.join(", ", read)
            : "expected one of "
                + String.join(", ", read)
                + ", found \""
                + key
                + "\""
                + Nearest.hint(key, read));
  }
}
