package dev.osprey.spi.lb;

import dev.osprey.spi.Runs;
import org.osgi.annotation.versioning.ConsumerType;

/** A checked, immutable policy. */
@ConsumerType
@Runs(Runs.Where.CONTROL)
public interface LoadBalancerPlan {
  /**
   * The policy over the endpoints of a cluster, with all that can be worked out beforehand. Made
   * anew whenever the endpoints change.
   *
   * @param weights of the endpoints, in the cluster's order
   */
  LoadBalancer over(Weights weights);
}
