package dev.osprey.host.stream;

import dev.osprey.host.fence.TaskFence;
import dev.osprey.host.loop.Clock;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.spi.ClusterRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clusters of one loop by their number. A cluster has a state here from its first use on, so
 * that thousands without traffic cost a loop neither memory nor work at a change.
 */
public final class ClusterTable {
  private static final long PIECE_NANOS = 400_000;

  private final Worker worker;
  private final List<ClusterState> used = new ArrayList<>();
  private @Nullable ClusterState[] states = new ClusterState[8];
  private Generation generation = Generation.EMPTY;
  private int unseen;

  ClusterTable(Worker worker) {
    this.worker = worker;
  }

  /** The cluster of a handle; null when the generation has none. */
  public @Nullable ClusterState find(ClusterRef handle) {
    if (!(handle instanceof NamedCluster named)) {
      return null;
    }
    int index = named.index();
    ClusterState state = index < states.length ? states[index] : null;
    return state != null && unseen == 0 ? state : current(index, state);
  }

  /** Calls {@code visitor} for every cluster that is or was in use here. */
  public void forEachUsed(Consumer<ClusterState> visitor) {
    used.forEach(visitor);
  }

  /**
   * Begins to take over the clusters of a generation: whoever asks gets them from now on. What is
   * open on the others is seen to by {@link #adoptSome}.
   */
  public void begin(Generation next) {
    generation = next;
    unseen = used.size();
  }

  /** Takes over some of those in use, for less than half a millisecond; true while any are left. */
  public boolean adoptSome() {
    long start = Clock.nanos();
    int done = 0;
    while (unseen > 0) {
      int place = --unseen;
      var _ = TaskFence.run("taking over a cluster", () -> adopt(place));
      if ((++done & 15) == 0 && Clock.nanos() - start > PIECE_NANOS) {
        break;
      }
    }
    return unseen > 0;
  }

  private void adopt(int place) {
    ClusterState state = used.get(place);
    int index = state.plan().index();
    ClusterPlan plan = generation.cluster(index);
    if (plan != null) {
      state.adopt(plan);
      return;
    }
    // What stands last was seen before, or is newer than the change.
    used.set(place, used.getLast());
    used.removeLast();
    states[index] = null;
    state.retire();
  }

  /** The state of a cluster that is new here, or that may not know its plan yet. */
  private @Nullable ClusterState current(int index, @Nullable ClusterState known) {
    ClusterPlan plan = generation.cluster(index);
    if (plan == null) {
      return null;
    }
    if (known != null) {
      known.adopt(plan);
      return known;
    }
    if (index >= states.length) {
      states = Arrays.copyOf(states, Math.max(index + 1, states.length * 2));
    }
    ClusterState fresh = new ClusterState(worker, plan);
    states[index] = fresh;
    used.add(fresh);
    return fresh;
  }
}
