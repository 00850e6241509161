package dev.osprey.it.bundle;

import dev.osprey.codec.http1.Http1Activator;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The HTTP/1 codec, but its content can be started only once in a process. */
public final class StartsOnce implements BundleActivator {
  private static final String STARTED = "osprey.it.started";

  @Override
  public void start(BundleContext context) throws Exception {
    if (System.setProperty(STARTED, "true") != null) {
      throw new IllegalStateException("started once already");
    }
    new Http1Activator().start(context);
  }

  @Override
  public void stop(BundleContext context) {}
}
