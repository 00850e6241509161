package dev.osprey.codec.http1;

import dev.osprey.spi.codec.CodecFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the codec's factory; the framework takes it back when the bundle stops. */
public final class Http1Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(CodecFactory.class, new Http1Factory(), null);
  }

  @Override
  public void stop(BundleContext context) {
    // The framework unregisters the service.
  }
}
