package dev.osprey.host.plan;

import dev.osprey.spi.codec.CodecPlan;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of a generation.
 *
 * @param index number of the cluster's name in this process, never reused
 * @param endpoints in configured order, resolved
 * @param connectTimeout time to make a connection (default 5 s)
 * @param idleTimeout how long a connection waits in the pool (default 1 h)
 * @param maxConnections circuit breaker, over all loops (default 1,024)
 * @param maxPendingRequests requests waiting for a connection, over all loops (default 1,024)
 * @param maxRequests open requests, over all loops (default 1,024 as Envoy's)
 * @param bufferLimitBytes queued output at which the source is paused
 * @param balancer how an endpoint is chosen; of endpoints that are none it is never asked
 * @param codec the upstream codec; null takes the caller's
 * @param health how endpoints are checked; null: they are not
 */
public record ClusterPlan(
    int index,
    String name,
    List<InetSocketAddress> endpoints,
    Duration connectTimeout,
    Duration idleTimeout,
    int maxConnections,
    int maxPendingRequests,
    int maxRequests,
    int bufferLimitBytes,
    Balancer balancer,
    @Nullable Slot<CodecPlan> codec,
    @Nullable HealthPlan health) {
  public ClusterPlan {
    endpoints = List.copyOf(endpoints);
  }

  /** A cluster whose endpoints are not checked. */
  public ClusterPlan(
      int index,
      String name,
      List<InetSocketAddress> endpoints,
      Duration connectTimeout,
      Duration idleTimeout,
      int maxConnections,
      int maxPendingRequests,
      int maxRequests,
      int bufferLimitBytes,
      Balancer balancer,
      @Nullable Slot<CodecPlan> codec) {
    this(
        index,
        name,
        endpoints,
        connectTimeout,
        idleTimeout,
        maxConnections,
        maxPendingRequests,
        maxRequests,
        bufferLimitBytes,
        balancer,
        codec,
        null);
  }
}
