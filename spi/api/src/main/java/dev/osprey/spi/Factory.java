package dev.osprey.spi;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The life of a bundle: what a bundle registers as an OSGi service, under the interface of its
 * kind, for the host to make plans with. One bundle may register several factories.
 */
@ConsumerType
@Runs(Runs.Where.ANY)
public interface Factory {
  /** The extension's name, unique within its kind, for example {@code http1}. */
  String name();

  /** The {@code @type} URLs this extension reads; the first is its own. Never empty. */
  List<String> configTypes();
}
