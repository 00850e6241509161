package dev.osprey.host.health;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The health of all clusters of the process by their names; outlives generations. */
public final class HealthBoard {
  private final Map<String, ClusterHealth> clusters = new ConcurrentHashMap<>();

  /** The health of a cluster; made when it is asked for first. */
  public ClusterHealth of(String cluster) {
    return clusters.computeIfAbsent(cluster, _ -> new ClusterHealth());
  }

  /** The health of a cluster; null when it is not checked. */
  public @Nullable ClusterHealth find(String cluster) {
    return clusters.get(cluster);
  }

  void forget(String cluster) {
    ClusterHealth gone = clusters.remove(cluster);
    if (gone != null) {
      gone.forgotten();
    }
  }
}
