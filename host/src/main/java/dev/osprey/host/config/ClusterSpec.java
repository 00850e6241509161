package dev.osprey.host.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as configured.
 *
 * @param weights of the endpoints, in their order
 * @param balancer null when its extension is missing, which is a problem
 * @param codec the upstream codec; null takes the caller's chain's
 * @param health null when endpoints are not checked
 */
public record ClusterSpec(
    String name,
    List<InetSocketAddress> endpoints,
    List<Integer> weights,
    Duration connectTimeout,
    Duration idleTimeout,
    Limits limits,
    int bufferLimitBytes,
    @Nullable PlanSpec balancer,
    @Nullable PlanSpec codec,
    @Nullable HealthSpec health) {
  public ClusterSpec {
    endpoints = List.copyOf(endpoints);
    weights = List.copyOf(weights);
  }

  /** Circuit breakers, over all loops. */
  public record Limits(int maxConnections, int maxPendingRequests, int maxRequests) {}
}
