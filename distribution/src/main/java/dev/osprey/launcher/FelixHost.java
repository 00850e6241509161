package dev.osprey.launcher;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * A framework of this process with the platform, and the host in it, as part of its system bundle.
 * The host gives its entries as services of JDK types that carry the property {@code osprey.entry};
 * no class of the host is known here.
 */
final class FelixHost implements Closeable {
  private static final long STOP_MILLIS = 10_000;

  private static final List<String> PRELOADED =
      List.of(
          "org.apache.felix.framework.Felix",
          "org.apache.felix.framework.StatefulResolver",
          "org.apache.felix.framework.BundleWiringImpl",
          "org.apache.felix.framework.BundleRevisionImpl",
          "org.apache.felix.framework.ServiceRegistry",
          "org.apache.felix.framework.cache.BundleCache",
          "org.apache.felix.framework.util.manifestparser.ManifestParser",
          "org.apache.felix.resolver.ResolverImpl");

  private final Framework framework;
  private final Platform platform;
  private final Deque<BundleActivator> active = new ArrayDeque<>();

  private FelixHost(Framework framework, Platform platform) {
    this.framework = framework;
    this.platform = platform;
  }

  /** Loads the framework's code on a thread of its own, while the command line is read. */
  static void preload() {
    Thread.ofPlatform().daemon().name("osprey-preload").start(FelixHost::loadFramework);
  }

  private static void loadFramework() {
    try {
      for (String name : PRELOADED) {
        Class.forName(name);
      }
    } catch (ClassNotFoundException otherFramework) {
      StartTrace.mark("not preloaded: " + otherFramework.getMessage());
    }
  }

  /** Starts an empty framework. */
  static FelixHost open(HostSettings settings) {
    Platform platform = Platform.in(settings.home().platform());
    Framework framework =
        new FrameworkFactory().newFramework(settings.frameworkProperties(platform));
    FelixHost host = new FelixHost(framework, platform);
    try {
      framework.start();
    } catch (BundleException failure) {
      host.close();
      throw new CommandFailure("the framework does not start: " + reason(failure));
    }
    StartTrace.mark("framework");
    return host;
  }

  /**
   * Starts what the platform's jars bring, the host among them.
   *
   * @throws CommandFailure if one of them does not start
   */
  void startPlatform() {
    platform.activators().forEach(this::start);
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

  /** Asks the host to look at everything anew. */
  void reload() {
    entry(Runnable.class, "reload").ifPresent(Runnable::run);
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
      active.forEach(this::stop);
      active.clear();
      framework.stop();
      framework.waitForStop(STOP_MILLIS);
    } catch (BundleException failure) {
      System.err.println("osprey: the framework does not stop: " + reason(failure));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(String jar, String type) {
    try {
      BundleActivator activator =
          Class.forName(type)
              .asSubclass(BundleActivator.class)
              .getDeclaredConstructor()
              .newInstance();
      activator.start(framework.getBundleContext());
      active.addFirst(activator);
    } catch (Exception failure) {
      throw new CommandFailure("the platform does not start: " + jar + ": " + failure);
    }
    StartTrace.mark(jar);
  }

  private void stop(BundleActivator activator) {
    try {
      activator.stop(framework.getBundleContext());
    } catch (Exception failure) {
      System.err.println("osprey: " + activator.getClass().getName() + ": " + failure);
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
