package dev.osprey.host.control;

import dev.osprey.host.plan.Bound;
import java.util.Set;

/**
 * A plan with what it depends on.
 *
 * @param clusters names of the clusters it asked for; it can be carried over only while all exist
 * @param gate of its counters, closed until it is published
 */
record Planned(Bound<?> bound, Set<String> clusters, Gate gate) {
  Planned {
    clusters = Set.copyOf(clusters);
  }
}
