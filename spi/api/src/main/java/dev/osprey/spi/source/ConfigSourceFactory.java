package dev.osprey.spi.source;

import dev.osprey.spi.Factory;
import dev.osprey.spi.Runs;
import java.net.URI;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes one kind of configuration source known to the host. */
@ConsumerType
public interface ConfigSourceFactory extends Factory {
  /** True when this source reads such a location, for example {@code file:/etc/osprey.yaml}. */
  @Runs(Runs.Where.CONTROL)
  boolean accepts(URI location);

  /** Opens it; nothing is read before the first {@link ConfigSource#poll}. */
  @Runs(Runs.Where.CONTROL)
  ConfigSource open(URI location);
}
