package dev.osprey.host.config;

import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a listener: one filter chain with a terminal filter, perhaps another behind its codecs. */
final class ListenerReader {
  private static final int MEBIBYTE = 1 << 20;
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int USUAL_CONNECTIONS = 65_536;
  private static final Duration DETECTION = Duration.ofSeconds(15);
  private static final Keys LISTENER =
      Keys.of(
              "name",
              "address",
              "filter_chains",
              "per_connection_buffer_limit_bytes",
              "access_log",
              "metadata")
          .refusing(
              "additional_addresses",
              "stat_prefix",
              "use_original_dst",
              "default_filter_chain",
              "filter_chain_matcher",
              "drain_type",
              "listener_filters",
              "listener_filters_timeout",
              "continue_on_listener_filters_timeout",
              "transparent",
              "freebind",
              "socket_options",
              "tcp_fast_open_queue_length",
              "traffic_direction",
              "udp_listener_config",
              "api_listener",
              "connection_balance_config",
              "reuse_port",
              "enable_reuse_port",
              "tcp_backlog_size",
              "max_connections_to_accept_per_socket_event",
              "bind_to_port",
              "internal_listener",
              "enable_mptcp",
              "ignore_global_conn_limit",
              "bypass_overload_manager");
  private static final Keys CHAIN =
      Keys.of("name", "filters")
          .refusing(
              "filter_chain_match",
              "transport_socket",
              "transport_socket_connect_timeout",
              "use_proxy_proto",
              "metadata");
  private static final Keys FILTER = Keys.of("name", "typed_config").refusing("config_discovery");
  private static final Keys METADATA = Keys.of("filter_metadata").refusing("typed_filter_metadata");
  private static final Keys OURS = Keys.of("max_connections", "detection_timeout", "io_model");

  private final ChainReader chains;

  ListenerReader(Catalog catalog) {
    this.chains = new ChainReader(catalog);
  }

  ListenerSpec read(ConfigNode node) {
    LISTENER.check(node);
    String name = node.requiredString("name");
    Optional<ConfigNode> ours = ours(node);
    return new ListenerSpec(
        name,
        Addresses.of(node, 0).orElse(null),
        chain(name, node),
        node.integer("per_connection_buffer_limit_bytes", MEBIBYTE, 1024, 1 << 30),
        ours.map(own -> own.integer("max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS))
            .orElse(USUAL_CONNECTIONS),
        ours.map(own -> own.duration("detection_timeout", DETECTION)).orElse(DETECTION),
        ours.flatMap(own -> own.get("io_model"))
            .map(ListenerReader::ioModel)
            .orElse(IoModel.REACTOR));
  }

  /** What is ours in a listener's metadata. */
  private static Optional<ConfigNode> ours(ConfigNode listener) {
    Optional<ConfigNode> ours =
        listener
            .get("metadata")
            .map(METADATA::check)
            .flatMap(metadata -> metadata.get("filter_metadata"))
            .flatMap(metadata -> metadata.get("dev.osprey"));
    ours.ifPresent(OURS::check);
    return ours;
  }

  private static IoModel ioModel(ConfigNode node) {
    List<String> labels = Stream.of(IoModel.values()).map(IoModel::label).toList();
    for (IoModel model : IoModel.values()) {
      if (model.label().equals(node.raw())) {
        return model;
      }
    }
    String hint = node.raw() instanceof String text ? Nearest.hint(text, labels) : "";
    node.say("expected one of " + String.join(", ", labels) + ", found " + node.describe() + hint);
    return IoModel.REACTOR;
  }

  private @Nullable ChainSpec chain(String listener, ConfigNode node) {
    ConfigNode list = node.required("filter_chains");
    List<ConfigNode> found = list.items();
    if (found.size() != 1) {
      if (node.has("filter_chains")) {
        list.say("expected a list with one filter chain, found " + count(list));
      }
      return null;
    }
    ConfigNode chain = CHAIN.check(found.getFirst());
    ConfigNode filters = chain.required("filters");
    List<ConfigNode> terminals = filters.items();
    if (terminals.isEmpty() || terminals.size() > 2) {
      if (chain.has("filters")) {
        filters.say(
            "expected a list with one terminal filter, or two of which the second takes what the"
                + " codecs of the first do not recognise, found "
                + count(filters));
      }
      return null;
    }
    String slot = "listener/" + listener + "/" + chain.string("name", "0");
    List<ConfigNode> logs = node.get("access_log").map(List::of).orElse(List.of());
    ChainSpec first = terminal(slot, listener, terminals.getFirst(), logs);
    return terminals.size() == 1
        ? first
        : pair(
            first, terminals, terminal(slot + "/next", listener, terminals.getLast(), List.of()));
  }

  private @Nullable ChainSpec terminal(
      String slot, String listener, ConfigNode filter, List<ConfigNode> logs) {
    return Typed.of(FILTER.check(filter))
        .map(typed -> chains.read(slot, listener, typed, logs))
        .orElse(null);
  }

  private static @Nullable ChainSpec pair(
      @Nullable ChainSpec first, List<ConfigNode> at, @Nullable ChainSpec second) {
    if (first instanceof ChainSpec.Bytes) {
      at.getLast().say("expected nothing behind a byte terminal, which takes every connection");
    } else if (second instanceof ChainSpec.Stream) {
      at.getLast().say("expected a byte terminal behind the stream terminal");
    }
    return first instanceof ChainSpec.Stream stream && second instanceof ChainSpec.Bytes bytes
        ? stream.before(bytes)
        : first;
  }

  private static String count(ConfigNode list) {
    return list.isList() ? list.items().size() + " of them" : list.describe();
  }
}
