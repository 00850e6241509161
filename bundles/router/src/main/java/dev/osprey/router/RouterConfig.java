package dev.osprey.router;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A checked route configuration. */
record RouterConfig(List<VirtualHost> virtualHosts) {
  static RouterConfig from(ConfigNode node, PlanContext context) {
    node.allowOnly("@type", "name", "virtual_hosts", "ignore_port_in_host_matching");
    node.string("name", "");
    if (!node.flag("ignore_port_in_host_matching", true)) {
      node.required("ignore_port_in_host_matching")
          .say("expected true: a port is ignored unless a domain names one, found false");
    }
    Seen seen = new Seen();
    return new RouterConfig(
        node.objects("virtual_hosts", host -> virtualHost(host, seen, context)));
  }

  private static VirtualHost virtualHost(ConfigNode node, Seen seen, PlanContext context) {
    node.allowOnly("name", "domains", "routes");
    seen.once(seen.names, node, "name", node.requiredString("name"));
    ConfigNode listed = node.required("domains");
    if (listed.isList() && listed.items().isEmpty()) {
      listed.say("expected at least one domain, found none");
    }
    List<Domain> domains = node.objects("domains", domain -> domain(domain, seen));
    List<Route> routes = node.objects("routes", route -> RouteConfig.from(route, context));
    return new VirtualHost(domains, routes.toArray(Route[]::new));
  }

  private static Domain domain(ConfigNode node, Seen seen) {
    Domain domain = Domain.from(node);
    ConfigNode before = seen.domains.putIfAbsent(domain.toString(), node);
    if (before != null) {
      node.say(
          "expected each domain once, found \""
              + domain
              + "\" here and at "
              + before.position()
              + " "
              + before.path());
    }
    return domain;
  }

  /** What must be there once only. */
  private static final class Seen {
    private final Map<String, ConfigNode> names = new HashMap<>();
    private final Map<String, ConfigNode> domains = new HashMap<>();

    void once(Map<String, ConfigNode> seen, ConfigNode parent, String key, String value) {
      ConfigNode before = value.isEmpty() ? null : seen.putIfAbsent(value, parent);
      if (before != null) {
        parent
            .required(key)
            .say(
                "expected each name once, found \""
                    + value
                    + "\" here and at "
                    + before.position()
                    + " "
                    + before.path());
      }
    }
  }
}
