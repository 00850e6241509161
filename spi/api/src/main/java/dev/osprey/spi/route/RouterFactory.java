package dev.osprey.spi.route;

import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.Runs;
import dev.osprey.spi.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes plans of one router known to the host. */
@ConsumerType
public interface RouterFactory extends Factory {
  /**
   * Checks everything and returns an immutable plan; mistakes are recorded on the nodes.
   *
   * @param config a route configuration in the shape of Envoy's RouteConfiguration
   */
  @Runs(Runs.Where.CONTROL)
  RouterPlan plan(ConfigNode config, PlanContext context);
}
