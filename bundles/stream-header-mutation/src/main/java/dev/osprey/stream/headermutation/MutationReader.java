package dev.osprey.stream.headermutation;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.FieldName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads Envoy's {@code HeaderMutation} messages ({@code config.common.mutation_rules.v3}). */
final class MutationReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** Codecs write these themselves; a change to them would be lost. */
  private static final Set<String> OF_THE_CODEC =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "upgrade",
          "te",
          "trailer",
          "http2-settings");

  private final ValueReader values;

  /**
   * A reader.
   *
   * @param ofResponse true when the answer is known where the mutations apply
   */
  MutationReader(boolean ofResponse) {
    this.values = new ValueReader(ofResponse);
  }

  /** One mutation; empty after a mistake. */
  Optional<Mutation> read(ConfigNode node) {
    node.allowOnly("append", "remove");
    if (node.has("append") == node.has("remove")) {
      node.say("expected either append or remove, found " + node.keys());
      return Optional.empty();
    }
    return node.has("remove")
        ? name(node.required("remove")).map(Mutation.Remove::new)
        : append(node.required("append"));
  }

  private Optional<Mutation> append(ConfigNode node) {
    node.allowOnly("header", "append_action", "keep_empty_value");
    Mutation.Action action =
        node.oneOf("append_action", Mutation.Action.class, Mutation.Action.APPEND_IF_EXISTS_OR_ADD);
    boolean keepsEmpty = node.flag("keep_empty_value", false);
    ConfigNode header = node.required("header");
    if (!node.has("header")) {
      return Optional.empty();
    }
    header.allowOnly("key", "value");
    Value value = header.get("value").map(values::read).orElse(Value.of(""));
    ConfigNode key = header.required("key");
    return header.has("key")
        ? name(key)
            .map(name -> new Mutation.Append(name, key.asString(), value, action, keepsEmpty))
        : Optional.empty();
  }

  private static Optional<FieldName> name(ConfigNode node) {
    String name = node.asString();
    if (!(node.raw() instanceof String)) {
      return Optional.empty();
    }
    if (name.startsWith(":") || OF_THE_CODEC.contains(name.toLowerCase(Locale.ROOT))) {
      node.problem("a header that is not the codec's own");
    } else if (!NAME.matcher(name).matches()) {
      node.problem("the name of a header");
    }
    return Optional.of(FieldName.of(name));
  }
}
