package dev.osprey.spi.stream;

import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.Runs;
import dev.osprey.spi.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes plans of one kind of stream filter known to the host. */
@ConsumerType
public interface StreamFilterFactory extends Factory {
  /** Checks everything and returns an immutable plan; mistakes are recorded on the nodes. */
  @Runs(Runs.Where.CONTROL)
  StreamFilterPlan plan(ConfigNode config, PlanContext context);
}
