package dev.osprey.spi.lb;

import dev.osprey.spi.Runs;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a decision may look at: numbers of one cluster that the host keeps, so that they survive a
 * swap of the policy and a change of the endpoints. Each event loop has its own.
 */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface LoadState {
  /** Requests, or connections of byte terminals, that are open on an endpoint or wait for it. */
  int active(int endpoint);

  /** Rises by one with each decision for the cluster, from anywhere; may wrap to negative. */
  int turn();
}
