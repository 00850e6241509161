package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a cluster's endpoints are chosen: by {@code lb_policy} or, which comes first, by {@code
 * load_balancing_policy}. Both name a type, and a type finds its bundle.
 */
final class BalancerReader {
  static final String TYPES = "type.googleapis.com/envoy.extensions.load_balancing_policies.";
  private static final Keys LIST = Keys.of("policies");
  private static final Keys ITEM = Keys.of("typed_extension_config");
  private static final Keys EXTENSION = Keys.of("name", "typed_config");

  /** Envoy's enum of policies, as far as types are known for them. */
  private enum Policy {
    ROUND_ROBIN("round_robin.v3.RoundRobin", "round_robin_lb_config"),
    LEAST_REQUEST("least_request.v3.LeastRequest", "least_request_lb_config"),
    RANDOM("random.v3.Random", "");

    private final String type;
    private final String settings;

    Policy(String type, String settings) {
      this.type = TYPES + type;
      this.settings = settings;
    }
  }

  private final Catalog catalog;

  BalancerReader(Catalog catalog) {
    this.catalog = catalog;
  }

  @Nullable PlanSpec read(String slot, ConfigNode cluster) {
    Policy policy = cluster.oneOf("lb_policy", Policy.class, Policy.ROUND_ROBIN);
    Optional<ConfigNode> typed = cluster.get("load_balancing_policy");
    for (Policy other : Policy.values()) {
      if (typed.isPresent() || other != policy) {
        cluster
            .get(other.settings)
            .ifPresent(node -> node.say("these settings are not those of the cluster's policy"));
      }
    }
    return typed.isPresent() ? typed(slot, typed.get()) : named(slot, cluster, policy);
  }

  private @Nullable PlanSpec named(String slot, ConfigNode cluster, Policy policy) {
    ConfigNode at = cluster.get("lb_policy").orElse(cluster);
    ConfigNode settings =
        cluster
            .get(policy.settings)
            .orElseGet(
                () -> ConfigNode.map(Map.of(), at.position(), at.path(), cluster.problems()));
    return catalog
        .find(Kind.LOAD_BALANCER, policy.type, at)
        .map(offer -> new PlanSpec(slot, offer, settings))
        .orElse(null);
  }

  /** As in Envoy the first policy of the list that somebody offers. */
  private @Nullable PlanSpec typed(String slot, ConfigNode policy) {
    List<ConfigNode> items =
        LIST.check(policy).get("policies").map(ConfigNode::items).orElse(List.of());
    if (items.isEmpty()) {
      policy.problem("a map with a list of policies");
    }
    Typed first = null;
    for (ConfigNode item : items) {
      ConfigNode extension = ITEM.check(item).required("typed_extension_config");
      Optional<Typed> typed =
          item.has("typed_extension_config")
              ? Typed.of(EXTENSION.check(extension))
              : Optional.empty();
      if (typed.isPresent()) {
        first = first == null ? typed.get() : first;
        List<Offer> offers = catalog.reading(Kind.LOAD_BALANCER, typed.get().type());
        if (offers.size() == 1) {
          return new PlanSpec(slot, offers.getFirst(), typed.get().config());
        }
      }
    }
    if (first != null) {
      var _ = catalog.find(Kind.LOAD_BALANCER, first.type(), first.at());
    }
    return null;
  }
}
