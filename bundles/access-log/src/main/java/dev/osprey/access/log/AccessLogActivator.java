package dev.osprey.access.log;

import dev.osprey.spi.log.AccessLogFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers an access log per destination; the framework withdraws them when the bundle stops. */
public final class AccessLogActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    for (Destination destination : Destination.values()) {
      context.registerService(AccessLogFactory.class, new LineLogFactory(destination), null);
    }
  }

  @Override
  public void stop(BundleContext context) {}
}
