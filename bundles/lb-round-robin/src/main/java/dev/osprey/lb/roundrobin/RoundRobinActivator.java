package dev.osprey.lb.roundrobin;

import dev.osprey.spi.lb.LoadBalancerFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the policy as a service; the framework withdraws it when the bundle stops. */
public final class RoundRobinActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(LoadBalancerFactory.class, new RoundRobinFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
