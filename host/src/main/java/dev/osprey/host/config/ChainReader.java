package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a chain's terminal filter: Envoy's connection manager, our own, or a byte terminal. */
final class ChainReader {
  static final String MANAGER =
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
          + ".HttpConnectionManager";
  static final String STREAM = "type.googleapis.com/dev.osprey.network.stream.Config";

  /** The terminals that are read here and need no bundle of their own. */
  static final List<String> TYPES = List.of(MANAGER, STREAM);

  private static final String ROUTES =
      "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
  private static final Keys STREAM_KEYS =
      Keys.of(
          "stat_prefix",
          "codecs",
          "idle_timeout",
          "stream_idle_timeout",
          "request_timeout",
          "request_headers_timeout",
          "max_connection_duration",
          "max_request_bytes",
          "route_config",
          "http_filters",
          "access_log");
  private static final Keys CODEC = Keys.of("name", "typed_config");
  private static final Keys LOG = Keys.of("name", "typed_config").refusing("filter");

  private final Catalog catalog;

  ChainReader(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Reads the terminal.
   *
   * @param slot prefix of the chain's slots
   * @param listenerLogs the listener's own access logs, as lists
   */
  @Nullable ChainSpec read(
      String slot, String listener, Typed typed, List<ConfigNode> listenerLogs) {
    return switch (typed.type()) {
      case MANAGER -> {
        refuse(listenerLogs);
        yield new ManagerReader(this, catalog).read(slot, typed);
      }
      case STREAM -> {
        refuse(listenerLogs);
        yield stream(slot, listener, typed.config());
      }
      default -> bytes(slot, listener, typed, listenerLogs);
    };
  }

  /** The access logs of a map's {@code access_log} list. */
  List<PlanSpec> logs(String slot, ConfigNode owner) {
    return owner.get("access_log").map(list -> logList(slot, list, 0)).orElse(List.of());
  }

  /** The router's plan of a {@code route_config}; a problem when there is none. */
  @Nullable PlanSpec router(String slot, ConfigNode owner) {
    ConfigNode routes = owner.required("route_config");
    if (!owner.has("route_config")) {
      return null;
    }
    return catalog
        .find(Kind.ROUTER, ROUTES, routes)
        .map(offer -> new PlanSpec(slot + "/router", offer, routes))
        .orElse(null);
  }

  private ChainSpec stream(String slot, String listener, ConfigNode config) {
    STREAM_KEYS.check(config);
    return new ChainSpec.Stream(
        config.string("stat_prefix", listener),
        codecs(slot, config),
        null,
        new FilterReader(catalog).read(slot, config),
        router(slot, config),
        logs(slot, config),
        Times.of(config, config, "idle_timeout", "max_connection_duration"),
        null);
  }

  private List<PlanSpec> codecs(String slot, ConfigNode config) {
    ConfigNode list = config.required("codecs");
    if (config.has("codecs") && list.items().isEmpty()) {
      list.problem("a list with at least one codec");
    }
    List<PlanSpec> codecs = new ArrayList<>();
    for (ConfigNode item : list.items()) {
      CODEC.check(item);
      Optional<Typed> typed = Typed.of(item);
      typed
          .flatMap(type -> catalog.find(Kind.CODEC, type.type(), type.at()))
          .ifPresent(offer -> codecs.add(codec(slot, offer, typed.get().config(), codecs)));
    }
    return codecs;
  }

  private static PlanSpec codec(
      String slot, Offer offer, ConfigNode config, List<PlanSpec> before) {
    String wanted = slot + "/codec/" + offer.name();
    long same = before.stream().filter(other -> other.offer().name().equals(offer.name())).count();
    return new PlanSpec(same == 0 ? wanted : wanted + "/" + same, offer, config);
  }

  private @Nullable ChainSpec bytes(
      String slot, String listener, Typed typed, List<ConfigNode> listenerLogs) {
    List<PlanSpec> logs = new ArrayList<>(logs(slot, typed.config()));
    listenerLogs.forEach(list -> logs.addAll(logList(slot, list, logs.size())));
    ConfigNode config = Tree.without(typed.config(), Set.of("access_log"));
    return catalog
        .find(Kind.NETWORK, typed.type(), typed.at())
        .map(offer -> new PlanSpec(slot + "/terminal", offer, config))
        .map(spec -> new ChainSpec.Bytes(prefix(config, listener), spec, logs))
        .orElse(null);
  }

  private static String prefix(ConfigNode config, String otherwise) {
    return config
        .get("stat_prefix")
        .map(ConfigNode::raw)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .orElse(otherwise);
  }

  private List<PlanSpec> logList(String slot, ConfigNode list, int before) {
    if (!list.isList()) {
      list.problem("a list");
    }
    List<PlanSpec> logs = new ArrayList<>();
    for (ConfigNode item : list.items()) {
      LOG.check(item);
      Optional<Typed> typed = Typed.of(item);
      String name = slot + "/access_log/" + (before + logs.size());
      typed
          .flatMap(type -> catalog.find(Kind.ACCESS_LOG, type.type(), type.at()))
          .ifPresent(offer -> logs.add(new PlanSpec(name, offer, typed.get().config())));
    }
    return logs;
  }

  private static void refuse(List<ConfigNode> listenerLogs) {
    listenerLogs.forEach(
        list -> list.say("expected no access_log here, but in the terminal filter's typed_config"));
  }
}
