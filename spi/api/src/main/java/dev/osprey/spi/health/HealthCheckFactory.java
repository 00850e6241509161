package dev.osprey.spi.health;

import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.Runs;
import dev.osprey.spi.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes plans of one kind of health check known to the host. */
@ConsumerType
public interface HealthCheckFactory extends Factory {
  /**
   * Checks everything and returns an immutable plan; mistakes are recorded on the nodes.
   *
   * @param config the check's own settings; times and thresholds are the host's
   */
  @Runs(Runs.Where.CONTROL)
  HealthCheckPlan plan(ConfigNode config, PlanContext context);
}
