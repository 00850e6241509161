package dev.osprey.config.file;

import dev.osprey.spi.source.ConfigSourceFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the file source as a service; the framework withdraws it when the bundle stops. */
public final class ConfigFileActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(ConfigSourceFactory.class, new ConfigFileFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
