package dev.osprey.spi.lb;

import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.Runs;
import dev.osprey.spi.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes plans of one load balancing policy known to the host. */
@ConsumerType
public interface LoadBalancerFactory extends Factory {
  /**
   * Checks everything and returns an immutable plan; mistakes are recorded on the nodes.
   *
   * @param config the policy's settings; an empty map where a cluster only names the policy
   */
  @Runs(Runs.Where.CONTROL)
  LoadBalancerPlan plan(ConfigNode config, PlanContext context);
}
