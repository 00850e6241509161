package dev.osprey.spi;

import org.osgi.annotation.versioning.ProviderType;

/** A cluster of the running configuration, named by a handle so that no plan captures another. */
@ProviderType
@Runs(Runs.Where.ANY)
public interface ClusterRef {
  /** The cluster's configured name. */
  String name();
}
