package dev.osprey.host.stream;

import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.spi.ClusterRef;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The clusters of one loop by their number. */
public final class ClusterTable {
  private final Worker worker;
  private @Nullable ClusterState[] states = new ClusterState[8];

  ClusterTable(Worker worker) {
    this.worker = worker;
  }

  /** The cluster of a handle; null when the generation has none. */
  public @Nullable ClusterState find(ClusterRef handle) {
    if (!(handle instanceof NamedCluster named)) {
      return null;
    }
    return find(named.index());
  }

  /** The cluster of that number; null when the generation has none. */
  public @Nullable ClusterState find(int index) {
    return index < states.length ? states[index] : null;
  }

  /** Takes over the clusters of a generation, before the connections move. */
  public void adopt(Generation next) {
    for (ClusterPlan plan : next.clusters()) {
      if (plan.index() >= states.length) {
        states = Arrays.copyOf(states, Math.max(plan.index() + 1, states.length * 2));
      }
      ClusterState state = states[plan.index()];
      if (state == null) {
        states[plan.index()] = new ClusterState(worker, plan);
      } else {
        state.adopt(plan);
      }
    }
    for (int i = 0; i < states.length; i++) {
      ClusterState state = states[i];
      if (state != null && next.cluster(i) == null) {
        state.retire();
        states[i] = null;
      }
    }
  }
}
