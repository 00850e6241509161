package dev.osprey.host.health;

import dev.osprey.host.plan.HealthPlan;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The health of a cluster's endpoints, by name and address, whatever the generation. Two plain
 * reads tell a strand whether it has to look at endpoints at all.
 */
public final class ClusterHealth {
  private final Map<InetSocketAddress, EndpointHealth> endpoints = new ConcurrentHashMap<>();
  private volatile boolean excludes;
  private volatile boolean down;

  /** What is known of an endpoint; made when it is asked for first. */
  public EndpointHealth of(InetSocketAddress address) {
    return endpoints.computeIfAbsent(address, _ -> new EndpointHealth());
  }

  /** True when unhealthy endpoints are to be left out. */
  public boolean excludesSome() {
    return excludes;
  }

  /** True when no endpoint is healthy and that counts. */
  public boolean isDown() {
    return down;
  }

  /** For people: the state of an endpoint; null when it has none. */
  public @Nullable String state(InetSocketAddress address) {
    EndpointHealth known = endpoints.get(address);
    return known == null ? null : known.state();
  }

  /** Counts anew, after an endpoint or the plan has changed; on the strand that checks. */
  void count(List<InetSocketAddress> current, HealthPlan plan) {
    endpoints.keySet().retainAll(current);
    long healthy = current.stream().filter(address -> of(address).isHealthy()).count();
    boolean panics = healthy * 100 < (long) plan.panicPercent() * current.size();
    down = healthy == 0 && !panics && !current.isEmpty();
    excludes = healthy < current.size() && !panics;
  }
}
