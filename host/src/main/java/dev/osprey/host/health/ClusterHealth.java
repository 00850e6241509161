package dev.osprey.host.health;

import dev.osprey.host.plan.HealthPlan;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private volatile int changes;
  // Written by the strand that checks, under the lock like all that decides.
  private double panicPercent;
  private int healthy;
  private int unknown;

  /**
   * What is known of an endpoint; made when it is asked for first. A strand may ask before the one
   * that checks has heard of a new endpoint: from then on it is left out where another is healthy.
   */
  public synchronized EndpointHealth of(InetSocketAddress address) {
    EndpointHealth known = endpoints.get(address);
    if (known == null) {
      known = new EndpointHealth();
      endpoints.put(address, known);
      unknown++;
      decide();
    }
    return known;
  }

  /** True when endpoints that are not healthy are to be left out. */
  public boolean excludesSome() {
    return excludes;
  }

  /** True when no endpoint is healthy and that counts. */
  public boolean isDown() {
    return down;
  }

  /** What is known of an endpoint; null for nothing. */
  public @Nullable EndpointHealth find(InetSocketAddress address) {
    return endpoints.get(address);
  }

  /**
   * How often what is known of some endpoint, or of the cluster, was forgotten or is new: whoever
   * kept some of it asks for it again when this is not the number it was.
   */
  public int changes() {
    return changes;
  }

  /** For people: the state of an endpoint; null when it has none. */
  public @Nullable String state(InetSocketAddress address) {
    EndpointHealth known = endpoints.get(address);
    return known == null ? null : known.state();
  }

  /** How many are healthy; on the strand that checks. */
  synchronized int healthyCount() {
    return healthy;
  }

  /**
   * Goes on with these endpoints, on the strand that checks. Only here are some forgotten: other
   * strands, which may be at the next generation already, keep what they have asked for.
   */
  synchronized void adopt(List<InetSocketAddress> current, double panic) {
    Set<InetSocketAddress> wanted = new HashSet<>(current);
    if (!endpoints.keySet().equals(wanted)) {
      endpoints.keySet().retainAll(wanted);
      current.forEach(this::of);
      changed();
    }
    panicPercent = panic;
    healthy = 0;
    unknown = 0;
    for (EndpointHealth endpoint : endpoints.values()) {
      healthy += endpoint.isHealthy() ? 1 : 0;
      unknown += endpoint.isKnown() ? 0 : 1;
    }
    decide();
  }

  /** Nobody checks the cluster any more, or another instance is for it. */
  synchronized void forgotten() {
    changed();
  }

  private void changed() {
    int former = changes;
    changes = former + 1;
  }

  /** A probe is over, as in {@link EndpointHealth#probed}; on the strand that checks. */
  synchronized boolean probed(
      EndpointHealth endpoint, @Nullable String fault, boolean said, HealthPlan plan) {
    boolean wasHealthy = endpoint.isHealthy();
    boolean wasKnown = endpoint.isKnown();
    boolean news = endpoint.probed(fault, said, plan);
    if (endpoint.isHealthy() != wasHealthy) {
      healthy += wasHealthy ? -1 : 1;
    }
    unknown -= wasKnown ? 0 : 1;
    decide();
    return news;
  }

  // One that was not asked yet is left out only when there is a better one.
  private void decide() {
    int total = endpoints.size();
    boolean panics = healthy * 100.0 < panicPercent * total;
    down = healthy == 0 && unknown == 0 && total > 0 && !panics;
    excludes = healthy > 0 && healthy < total && !panics;
  }
}
