package dev.osprey.testkit.toy;

import dev.osprey.spi.codec.CodecFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Makes a bundle around this package an extension: registers the {@link ToyMuxFactory}. */
public final class ToyMuxActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(CodecFactory.class, new ToyMuxFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {
    // The framework unregisters the service.
  }
}
