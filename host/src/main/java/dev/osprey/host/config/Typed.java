package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code typed_config}, unwrapped from {@code TypedStruct} when it came in one.
 *
 * @param type the type URL
 * @param at the node of the type URL, for problems
 * @param config the configuration without its {@code @type}
 */
record Typed(String type, ConfigNode at, ConfigNode config) {
  private static final String TYPE = "@type";
  private static final Set<String> STRUCTS =
      Set.of(
          "type.googleapis.com/xds.type.v3.TypedStruct",
          "type.googleapis.com/udpa.type.v1.TypedStruct");

  /** The typed configuration of a named part ({@code {name, typed_config}}). */
  static Optional<Typed> of(ConfigNode part) {
    Optional<ConfigNode> any = part.get("typed_config");
    if (any.isEmpty()) {
      part.say("expected a typed_config, found nothing");
    }
    return any.flatMap(Typed::any);
  }

  /** A map with an {@code @type}; otherwise a problem. */
  static Optional<Typed> any(ConfigNode node) {
    if (!node.isMap()) {
      node.problem("a map with an @type");
      return Optional.empty();
    }
    String type = node.requiredString(TYPE);
    if (type.isEmpty()) {
      return Optional.empty();
    }
    return STRUCTS.contains(type)
        ? struct(node)
        : Optional.of(new Typed(type, node.required(TYPE), Tree.without(node, Set.of(TYPE))));
  }

  /**
   * The configuration with its {@code @type}, for a message that several extensions read in part.
   */
  ConfigNode withType() {
    return Tree.with(config, TYPE, at);
  }

  private static Optional<Typed> struct(ConfigNode node) {
    Keys.of(TYPE, "type_url", "value").check(node);
    String type = node.requiredString("type_url");
    ConfigNode value = node.required("value");
    return type.isEmpty()
        ? Optional.empty()
        : Optional.of(new Typed(type, node.required("type_url"), value));
  }
}
