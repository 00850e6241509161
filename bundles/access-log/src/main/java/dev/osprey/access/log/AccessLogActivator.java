package dev.osprey.access.log;

import dev.osprey.spi.log.AccessLogFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the access log as a service; the framework withdraws it when the bundle stops. */
public final class AccessLogActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(AccessLogFactory.class, new LineLogFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
