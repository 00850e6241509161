package dev.osprey.launcher;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A framework of this process with the host in it. The host gives its entries as services of JDK
 * types that carry the property {@code osprey.entry}; no class of the host is known here.
 */
final class FelixHost implements Closeable {
  private static final long STOP_MILLIS = 10_000;

  private final Framework framework;

  private FelixHost(Framework framework) {
    this.framework = framework;
  }

  /**
   * Starts the framework and all bundles of {@code system/platform}.
   *
   * @throws CommandFailure if one of them does not start
   */
  static FelixHost start(HostSettings settings) {
    Framework framework = new FrameworkFactory().newFramework(settings.frameworkProperties());
    FelixHost host = new FelixHost(framework);
    try {
      framework.start();
      StartTrace.mark("framework");
      host.startBundles(PlatformBundle.in(settings.home().platform()));
      return host;
    } catch (BundleException failure) {
      host.close();
      throw new CommandFailure("the platform does not start: " + reason(failure));
    }
  }

  /** The host's blocking entry of a name: {@code run} or {@code check}. */
  Callable<?> call(String entry) {
    return entry(Callable.class, entry)
        .orElseThrow(() -> new CommandFailure("the host offers no entry \"" + entry + "\""));
  }

  /** Asks the host to drain; its {@code run} entry then returns. */
  void drain() {
    entry(Runnable.class, "drain").ifPresent(Runnable::run);
  }

  /** Calls back once, on a virtual thread, when the host serves or if it does already. */
  void whenServing(StatusReader reader) {
    AtomicBoolean first = new AtomicBoolean(true);
    Consumer<Supplier<?>> once =
        status -> {
          if (first.compareAndSet(true, false)) {
            Thread.ofVirtual().start(() -> reader.read(String.valueOf(status.get())));
          }
        };
    BundleContext context = framework.getBundleContext();
    context.addServiceListener(event -> {
      if (event.getType() == ServiceEvent.REGISTERED) {
        entry(Supplier.class, "status").ifPresent(once::accept);
      }
    });
    entry(Supplier.class, "status").ifPresent(once::accept);
  }

  /** Takes the host's status, a JSON object. */
  @FunctionalInterface
  interface StatusReader {
    void read(String status);
  }

  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(STOP_MILLIS);
    } catch (BundleException failure) {
      System.err.println("osprey: the framework does not stop: " + reason(failure));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void startBundles(List<PlatformBundle> platform) throws BundleException {
    BundleContext context = framework.getBundleContext();
    List<Bundle> installed = new ArrayList<>();
    for (PlatformBundle bundle : platform) {
      Bundle added = context.installBundle(bundle.location());
      added.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
      installed.add(added);
    }
    StartTrace.mark("bundles installed");
    for (Bundle bundle : installed) {
      if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
        bundle.start();
        StartTrace.mark(bundle.getSymbolicName());
      }
    }
  }

  private <T> Optional<T> entry(Class<T> type, String entry) {
    BundleContext context = framework.getBundleContext();
    if (context == null) {
      return Optional.empty();
    }
    try {
      for (ServiceReference<T> found :
          context.getServiceReferences(type, "(osprey.entry=" + entry + ")")) {
        T service = context.getService(found);
        if (service != null) {
          return Optional.of(service);
        }
      }
      return Optional.empty();
    } catch (InvalidSyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String reason(BundleException failure) {
    Throwable cause = failure.getCause();
    String message = String.valueOf(failure.getMessage());
    return cause == null ? message : message + " (" + cause + ")";
  }
}
