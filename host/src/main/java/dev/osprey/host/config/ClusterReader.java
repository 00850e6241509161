package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a static cluster. */
final class ClusterReader {
  private static final int MEBIBYTE = 1 << 20;
  private static final int MOST = 10_000_000;
  private static final int USUAL = 1024;
  private static final Keys CLUSTER =
      Keys.of(
              "name",
              "type",
              "connect_timeout",
              "lb_policy",
              "load_balancing_policy",
              "least_request_lb_config",
              "round_robin_lb_config",
              "load_assignment",
              "circuit_breakers",
              "health_checks",
              "common_lb_config",
              "per_connection_buffer_limit_bytes",
              "common_http_protocol_options",
              "typed_extension_protocol_options")
          .refusing(
              "alt_stat_name",
              "cluster_type",
              "eds_cluster_config",
              "lb_subset_config",
              "ring_hash_lb_config",
              "maglev_lb_config",
              "original_dst_lb_config",
              "outlier_detection",
              "transport_socket",
              "transport_socket_matches",
              "http_protocol_options",
              "http2_protocol_options",
              "upstream_http_protocol_options",
              "max_requests_per_connection",
              "dns_lookup_family",
              "dns_refresh_rate",
              "dns_resolvers",
              "typed_dns_resolver_config",
              "respect_dns_ttl",
              "cleanup_interval",
              "upstream_bind_config",
              "metadata",
              "protocol_selection",
              "upstream_connection_options",
              "close_connections_on_host_health_failure",
              "ignore_health_on_host_removal",
              "filters",
              "track_timeout_budgets",
              "upstream_config",
              "track_cluster_stats",
              "preconnect_policy",
              "connection_pool_per_downstream_connection");
  private static final Keys BREAKERS = Keys.of("thresholds").refusing("per_host_thresholds");
  private static final Keys THRESHOLD =
      Keys.of("priority", "max_connections", "max_pending_requests", "max_requests")
          .refusing("max_retries", "retry_budget", "track_remaining", "max_connection_pools");
  private static final Keys COMMON =
      Keys.of("idle_timeout")
          .refusing(
              "max_headers_count",
              "max_connection_duration",
              "max_stream_duration",
              "headers_with_underscores_action",
              "max_requests_per_connection");
  private static final Keys ASSIGNMENT =
      Keys.of("cluster_name", "endpoints").refusing("named_endpoints", "policy");
  private static final Keys LOCALITY =
      Keys.of("lb_endpoints")
          .refusing("locality", "load_balancing_weight", "priority", "proximity", "metadata");
  private static final Keys LB_ENDPOINT =
      Keys.of("endpoint", "load_balancing_weight")
          .refusing("endpoint_name", "health_status", "metadata");
  private static final Keys ENDPOINT =
      Keys.of("address").refusing("hostname", "health_check_config", "additional_addresses");

  /** How endpoints are found. */
  private enum Discovery {
    STATIC
  }

  /** An endpoint and its weight. */
  private record Weighted(InetSocketAddress address, int weight) {}

  private final UpstreamReader upstream;
  private final BalancerReader balancers;
  private final HealthReader health;

  ClusterReader(Catalog catalog) {
    this.upstream = new UpstreamReader(catalog);
    this.balancers = new BalancerReader(catalog);
    this.health = new HealthReader(catalog);
  }

  ClusterSpec read(ConfigNode node) {
    CLUSTER.check(node);
    String name = node.requiredString("name");
    node.oneOf("type", Discovery.class, Discovery.STATIC);
    UpstreamReader.Upstream options = upstream.read("cluster/" + name + "/codec", node);
    Duration idle =
        node.get("common_http_protocol_options")
            .map(COMMON::check)
            .map(common -> common.duration("idle_timeout", options.idleTimeout()))
            .orElse(options.idleTimeout());
    List<Weighted> endpoints = endpoints(node);
    return new ClusterSpec(
        name,
        endpoints.stream().map(Weighted::address).toList(),
        endpoints.stream().map(Weighted::weight).toList(),
        connectTimeout(node),
        idle,
        limits(node),
        node.integer("per_connection_buffer_limit_bytes", MEBIBYTE, 1024, 1 << 30),
        balancers.read("cluster/" + name + "/load-balancer", node),
        options.codec(),
        health.read("cluster/" + name + "/health-check", node, options.codec() != null));
  }

  private static Duration connectTimeout(ConfigNode node) {
    Duration timeout = node.duration("connect_timeout", Duration.ofSeconds(5));
    if (timeout.isZero()) {
      node.required("connect_timeout").problem("a duration above 0s");
    }
    return timeout;
  }

  private static ClusterSpec.Limits limits(ConfigNode node) {
    List<ConfigNode> thresholds =
        node.get("circuit_breakers")
            .map(BREAKERS::check)
            .flatMap(breakers -> breakers.get("thresholds"))
            .map(ConfigNode::items)
            .orElse(List.of());
    ClusterSpec.Limits limits = new ClusterSpec.Limits(USUAL, USUAL, USUAL);
    for (int i = 0; i < thresholds.size(); i++) {
      ConfigNode threshold = THRESHOLD.check(thresholds.get(i));
      if (i > 0) {
        threshold.say("expected one threshold, that of priority DEFAULT");
      }
      threshold
          .get("priority")
          .filter(priority -> !"DEFAULT".equals(priority.raw()))
          .ifPresent(priority -> priority.problem("DEFAULT, the only priority so far"));
      limits =
          new ClusterSpec.Limits(
              threshold.integer("max_connections", USUAL, 1, MOST),
              threshold.integer("max_pending_requests", USUAL, 0, MOST),
              threshold.integer("max_requests", USUAL, 1, MOST));
    }
    return limits;
  }

  private static List<Weighted> endpoints(ConfigNode node) {
    ConfigNode assignment = node.required("load_assignment");
    if (!node.has("load_assignment")) {
      return List.of();
    }
    ASSIGNMENT.check(assignment);
    List<Weighted> found = new ArrayList<>();
    for (ConfigNode locality : list(assignment, "endpoints")) {
      LOCALITY.check(locality);
      for (ConfigNode item : list(locality, "lb_endpoints")) {
        LB_ENDPOINT.check(item);
        ConfigNode endpoint = item.required("endpoint");
        int weight = item.integer("load_balancing_weight", 1, 1, Integer.MAX_VALUE);
        if (item.has("endpoint")) {
          Addresses.of(ENDPOINT.check(endpoint), 1)
              .ifPresent(address -> found.add(new Weighted(address, weight)));
        }
      }
    }
    return found;
  }

  private static List<ConfigNode> list(ConfigNode owner, String key) {
    Optional<ConfigNode> list = owner.get(key);
    list.filter(node -> !node.isList()).ifPresent(node -> node.problem("a list"));
    return list.map(ConfigNode::items).orElse(List.of());
  }
}
