package dev.osprey.host.config;

import dev.osprey.host.plan.HealthTimes;
import dev.osprey.spi.config.ConfigNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how a cluster's endpoints are checked. What is asked belongs to a bundle, by its type. */
final class HealthReader {
  static final String TYPES = "type.googleapis.com/envoy.config.core.v3.HealthCheck.";
  private static final String TCP = "tcp_health_check";
  private static final Map<String, String> CHECKS =
      Map.of("http_health_check", "HttpHealthCheck", "grpc_health_check", "GrpcHealthCheck");
  private static final double PANIC = 50;
  private static final int MOST = 1_000_000;
  private static final Keys HEALTH =
      Keys.of(
              "timeout",
              "interval",
              "initial_jitter",
              "interval_jitter",
              "interval_jitter_percent",
              "unhealthy_interval",
              "unhealthy_edge_interval",
              "healthy_edge_interval",
              "unhealthy_threshold",
              "healthy_threshold",
              "reuse_connection",
              "http_health_check",
              "grpc_health_check",
              TCP)
          .refusing(
              "alt_port",
              "custom_health_check",
              "no_traffic_interval",
              "no_traffic_healthy_interval",
              "event_log_path",
              "event_logger",
              "event_service",
              "always_log_health_check_failures",
              "always_log_health_check_success",
              "tls_options",
              "transport_socket_match_criteria");
  private static final Keys TCP_CHECK =
      Keys.of().refusing("send", "receive", "proxy_protocol_config");
  private static final Keys COMMON =
      Keys.of("healthy_panic_threshold")
          .refusing(
              "zone_aware_lb_config",
              "locality_weighted_lb_config",
              "update_merge_window",
              "ignore_new_hosts_until_first_hc",
              "close_connections_on_host_set_change",
              "consistent_hashing_lb_config",
              "override_host_status");
  private static final Keys PERCENT = Keys.of("value");

  private final Catalog catalog;

  HealthReader(Catalog catalog) {
    this.catalog = catalog;
  }

  @Nullable HealthSpec read(String slot, ConfigNode cluster, boolean namesCodec) {
    double panic =
        cluster
            .get("common_lb_config")
            .map(COMMON::check)
            .flatMap(common -> common.get("healthy_panic_threshold"))
            .map(PERCENT::check)
            .flatMap(percent -> percent.get("value"))
            .map(HealthReader::percent)
            .orElse(PANIC);
    Optional<ConfigNode> list = cluster.get("health_checks");
    list.filter(node -> !node.isList()).ifPresent(node -> node.problem("a list"));
    List<ConfigNode> checks = list.map(ConfigNode::items).orElse(List.of());
    if (checks.size() > 1) {
      checks.get(1).say("expected one health check, found " + checks.size());
    }
    return checks.isEmpty() ? null : check(slot, checks.getFirst(), panic, namesCodec);
  }

  private static double percent(ConfigNode value) {
    if (value.raw() instanceof Number percent
        && percent.doubleValue() >= 0
        && percent.doubleValue() <= 100) {
      return percent.doubleValue();
    }
    value.problem("a number from 0 to 100");
    return PANIC;
  }

  private @Nullable HealthSpec check(
      String slot, ConfigNode node, double panic, boolean namesCodec) {
    HEALTH.check(node);
    HealthTimes times = times(node);
    if (node.flag("reuse_connection", false)) {
      node.required("reuse_connection").problem("false: each probe has a connection of its own");
    }
    node.required("unhealthy_threshold");
    node.required("healthy_threshold");
    int unhealthy = node.integer("unhealthy_threshold", 1, 1, MOST);
    int healthy = node.integer("healthy_threshold", 1, 1, MOST);
    List<String> kinds =
        node.isMap()
            ? node.keys().stream().filter(key -> key.endsWith("_health_check")).toList()
            : List.of();
    if (kinds.size() != 1) {
      node.say(
          "expected one of http_health_check, grpc_health_check, tcp_health_check, found "
              + (kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
      return null;
    }
    ConfigNode settings = node.required(kinds.getFirst());
    Optional<PlanSpec> check = plan(slot, kinds.getFirst(), settings, namesCodec);
    return new HealthSpec(times, unhealthy, healthy, panic, check.orElse(null));
  }

  private Optional<PlanSpec> plan(
      String slot, String key, ConfigNode settings, boolean namesCodec) {
    String type = CHECKS.get(key);
    if (key.equals(TCP)) {
      TCP_CHECK.check(settings);
    }
    if (type == null) {
      return Optional.empty();
    }
    if (!namesCodec) {
      settings.say("the cluster must name its protocol: expected typed_extension_protocol_options");
    }
    return catalog
        .find(Kind.HEALTH_CHECK, TYPES + type, settings)
        .map(offer -> new PlanSpec(slot, offer, settings));
  }

  private static HealthTimes times(ConfigNode node) {
    node.required("timeout");
    node.required("interval");
    Duration timeout = positive(node, "timeout", Duration.ofSeconds(1));
    Duration interval = positive(node, "interval", Duration.ofSeconds(1));
    Duration unhealthy = positive(node, "unhealthy_interval", interval);
    return new HealthTimes(
        timeout,
        interval,
        unhealthy,
        positive(node, "unhealthy_edge_interval", unhealthy),
        positive(node, "healthy_edge_interval", interval),
        node.duration("initial_jitter", Duration.ZERO),
        node.duration("interval_jitter", Duration.ZERO),
        node.integer("interval_jitter_percent", 0, 0, 1000));
  }

  private static Duration positive(ConfigNode node, String key, Duration otherwise) {
    Duration time = node.duration(key, otherwise);
    if (time.isZero()) {
      node.required(key).problem("a duration above 0s");
    }
    return time;
  }
}
