package dev.osprey.host.osgi;

import dev.osprey.host.config.Kind;
import dev.osprey.host.control.Kernel;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/**
 * Sees what people do to bundles by framework commands. A bundle in use that is stopped, updated,
 * uninstalled or refreshed is held up in its own unregistering event; one that is started counts as
 * a change.
 */
final class HandGuard implements ServiceListener {
  private final BundleContext context;
  private final FrameworkBundles bundles;
  private final Kernel kernel;

  HandGuard(BundleContext context, FrameworkBundles bundles, Kernel kernel) {
    this.context = context;
    this.bundles = bundles;
    this.kernel = kernel;
  }

  void listen() {
    String types =
        Stream.of(Kind.values())
            .map(kind -> "(objectClass=" + kind.type().getName() + ")")
            .collect(Collectors.joining());
    try {
      context.addServiceListener(this, "(|" + types + ")");
    } catch (InvalidSyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void forget() {
    context.removeServiceListener(this);
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    Bundle bundle = event.getServiceReference().getBundle();
    if (bundle == null || context.getBundle(0).getState() == Bundle.STOPPING) {
      return;
    }
    boolean ours = bundles.isOurs(bundle.getBundleId());
    if (event.getType() == ServiceEvent.REGISTERED && !ours) {
      kernel.started(bundle.getBundleId());
    } else if (event.getType() == ServiceEvent.UNREGISTERING && ours) {
      leaving(bundle.getBundleId());
    }
  }

  private void leaving(long bundleId) {
    if (kernel.leaving(bundleId)) {
      bundles.handedOver(bundleId);
    }
  }
}
