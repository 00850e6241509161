package dev.osprey.lb.random;

import dev.osprey.spi.lb.LoadBalancerFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the policy as a service; the framework withdraws it when the bundle stops. */
public final class RandomChoiceActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(LoadBalancerFactory.class, new RandomChoiceFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
