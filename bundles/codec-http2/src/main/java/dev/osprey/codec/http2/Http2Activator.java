package dev.osprey.codec.http2;

import dev.osprey.spi.codec.CodecFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the codec's factory; the framework takes it back when the bundle stops. */
public final class Http2Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(CodecFactory.class, new Http2Factory(), null);
  }

  @Override
  public void stop(BundleContext context) {
    // The framework unregisters the service.
  }
}
