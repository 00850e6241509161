package dev.osprey.health.http;

import dev.osprey.spi.health.HealthCheckFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the check as a service; the framework withdraws it when the bundle stops. */
public final class HttpHealthActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(HealthCheckFactory.class, new HttpHealthFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
