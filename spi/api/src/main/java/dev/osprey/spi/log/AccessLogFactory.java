package dev.osprey.spi.log;

import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.Runs;
import dev.osprey.spi.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes plans of one kind of access log known to the host. */
@ConsumerType
public interface AccessLogFactory extends Factory {
  /** Checks everything and returns an immutable plan; mistakes are recorded on the nodes. */
  @Runs(Runs.Where.CONTROL)
  AccessLogPlan plan(ConfigNode config, PlanContext context);
}
