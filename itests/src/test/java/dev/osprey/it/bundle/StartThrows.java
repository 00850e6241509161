package dev.osprey.it.bundle;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** An activator that fails. */
public final class StartThrows implements BundleActivator {
  /** What it says. */
  public static final String WORDS = "this bundle never starts";

  @Override
  public void start(BundleContext context) {
    throw new IllegalStateException(WORDS);
  }

  @Override
  public void stop(BundleContext context) {}
}
