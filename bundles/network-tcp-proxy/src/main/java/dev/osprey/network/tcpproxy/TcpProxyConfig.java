package dev.osprey.network.tcpproxy;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import java.time.Duration;

/**
 * A checked TCP proxy.
 *
 * @param statPrefix part of the counters' names
 * @param clusters where to
 * @param idleTimeout time without a byte in either direction; zero: none
 * @param maxConnectAttempts how often to try to connect, from 1
 */
record TcpProxyConfig(
    String statPrefix, Clusters clusters, Duration idleTimeout, int maxConnectAttempts) {
  private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofHours(1);
  private static final int MOST_ATTEMPTS = 255;

  static TcpProxyConfig from(ConfigNode node, PlanContext context) {
    node.allowOnly(
        "@type",
        "stat_prefix",
        "cluster",
        "weighted_clusters",
        "idle_timeout",
        "max_connect_attempts");
    return new TcpProxyConfig(
        node.requiredString("stat_prefix"),
        Clusters.from(node, context),
        node.duration("idle_timeout", DEFAULT_IDLE_TIMEOUT),
        node.integer("max_connect_attempts", 1, 1, MOST_ATTEMPTS));
  }
}
