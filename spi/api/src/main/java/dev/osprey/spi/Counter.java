package dev.osprey.spi;

import org.osgi.annotation.versioning.ProviderType;

/** A monotonic counter kept by the host, so that it survives a swap of the bundle that counts. */
@ProviderType
@Runs(Runs.Where.ANY)
public interface Counter {
  /** Adds {@code amount}, which must not be negative. Cheap on a strand: no lock, no atomic. */
  void add(long amount);
}
