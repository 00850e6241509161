package dev.osprey.host.control;

import dev.osprey.host.plan.NamedCluster;
import java.util.HashMap;
import java.util.Map;

/** The numbers of cluster names in this process; a number is never reused. */
final class ClusterNames {
  private final Map<String, NamedCluster> known = new HashMap<>();

  /** The handle of a name, the same one each time. */
  NamedCluster of(String name) {
    return known.computeIfAbsent(name, fresh -> new NamedCluster(fresh, known.size()));
  }
}
