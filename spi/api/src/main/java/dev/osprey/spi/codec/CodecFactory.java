package dev.osprey.spi.codec;

import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.Runs;
import dev.osprey.spi.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes plans of one codec known to the host. */
@ConsumerType
public interface CodecFactory extends Factory {
  /**
   * Checks everything and returns an immutable plan. Mistakes are recorded on the nodes ({@link
   * ConfigNode#problem}); the host discards the plan when there are any.
   *
   * @param config the codec's own configuration, or Envoy's HttpConnectionManager when that is
   *     among {@link #configTypes}; of the latter the codec reads only its part and checks no other
   *     keys
   */
  @Runs(Runs.Where.CONTROL)
  CodecPlan plan(ConfigNode config, PlanContext context);
}
