package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a whole document. Every mistake becomes a problem of its node; what could be read is
 * returned all the same, so that plans can be asked for theirs.
 */
public final class ConfigReader {
  private static final Keys ROOT =
      Keys.of("static_resources")
          .refusing(
              "node",
              "admin",
              "dynamic_resources",
              "cluster_manager",
              "stats_sinks",
              "stats_config",
              "layered_runtime",
              "overload_manager",
              "bootstrap_extensions",
              "typed_dns_resolver_config");
  private static final Keys RESOURCES = Keys.of("listeners", "clusters").refusing("secrets");

  private final Catalog catalog;

  /** A reader that finds extensions in {@code catalog}. */
  public ConfigReader(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Reads the document; its problems tell whether the result may be used. */
  public ConfigSpec read(ConfigNode root) {
    ConfigNode resources = ROOT.check(root).required("static_resources");
    RESOURCES.check(resources);
    ListenerReader listener = new ListenerReader(catalog);
    ClusterReader cluster = new ClusterReader(catalog);
    refuseSharedAddresses(resources);
    return new ConfigSpec(
        distinct(resources, "listeners", listener::read),
        distinct(resources, "clusters", cluster::read));
  }

  /** The kernel would let both have it, and give each some of the connections. */
  private static void refuseSharedAddresses(ConfigNode resources) {
    Map<String, ConfigNode> taken = new HashMap<>();
    for (ConfigNode item : resources.get("listeners").map(ConfigNode::items).orElse(List.of())) {
      Optional<ConfigNode> socket =
          item.get("address").flatMap(address -> address.get("socket_address"));
      Object port = socket.flatMap(it -> it.get("port_value")).map(ConfigNode::raw).orElse(0L);
      Object host = socket.flatMap(it -> it.get("address")).map(ConfigNode::raw).orElse("");
      if (socket.isPresent() && !port.equals(0L)) {
        String address = host + ":" + port;
        ConfigNode other = taken.putIfAbsent(address, item);
        if (other != null) {
          socket.get().say("another listener, " + name(other) + ", has the address " + address);
        }
      }
    }
  }

  private static String name(ConfigNode listener) {
    return listener.get("name").map(ConfigNode::describe).orElse("without a name");
  }

  private static <T> List<T> distinct(
      ConfigNode resources, String key, Function<ConfigNode, T> reader) {
    Set<String> names = new HashSet<>();
    for (ConfigNode item : resources.get(key).map(ConfigNode::items).orElse(List.of())) {
      item.get("name")
          .filter(name -> name.raw() instanceof String text && !names.add(text))
          .ifPresent(
              name -> name.say("another of the " + key + " has the name " + name.describe()));
    }
    return resources.objects(key, reader);
  }
}
