package dev.osprey.it.bundle;

import dev.osprey.lb.roundrobin.RoundRobinActivator;
import java.util.Properties;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A load balancer that leaves an object of its own in a table of the JVM: its loader can't go. */
public final class PinsItself implements BundleActivator {
  private final RoundRobinActivator activator = new RoundRobinActivator();

  @Override
  public void start(BundleContext context) throws Exception {
    Properties properties = System.getProperties();
    properties.put("osprey.it.pinned", this);
    activator.start(context);
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    activator.stop(context);
  }
}
