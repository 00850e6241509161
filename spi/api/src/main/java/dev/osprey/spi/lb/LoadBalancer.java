package dev.osprey.spi.lb;

import dev.osprey.spi.Runs;
import org.osgi.annotation.versioning.ConsumerType;

/** A policy over known endpoints. Immutable; called from many strands at once. */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface LoadBalancer {
  /**
   * Picks an endpoint for one request or connection. A pure function of what it is given; makes no
   * objects.
   *
   * @param random any number, evenly spread over all ints
   * @return the endpoint's index in the weights that the plan was given
   */
  int pick(LoadState state, int random);
}
