package dev.osprey.router;

import dev.osprey.spi.route.RouterFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the router as a service; the framework withdraws it when the bundle stops. */
public final class RouterActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(RouterFactory.class, new EnvoyRouterFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
