package org.example.apikey;

import dev.osprey.spi.stream.StreamFilterFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the filter as a service; the framework withdraws it when the bundle stops. */
public final class ApiKeyActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(StreamFilterFactory.class, new ApiKeyFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
