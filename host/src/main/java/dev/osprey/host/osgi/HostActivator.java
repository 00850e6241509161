package dev.osprey.host.osgi;

import dev.osprey.host.control.Options;
import dev.osprey.host.io.Transport;
import dev.osprey.host.overload.Overload;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * Offers the host's entries as services of JDK types, found by their property {@code osprey.entry}:
 * the launcher decides when to run, check and drain.
 */
@SuppressWarnings("JdkObsolete") // the framework takes a Dictionary
public final class HostActivator implements BundleActivator {
  private static final String ENTRY = "osprey.entry";

  private final Server server = new Server();

  @Override
  public void start(BundleContext context) {
    Settings settings = new Settings(context);
    if (settings.isCheck()) {
      register(context, Callable.class, "check", new Check(context, settings.options()));
    } else {
      Callable<Integer> run = () -> run(context, settings);
      register(context, Callable.class, "run", run);
      register(context, Runnable.class, "drain", server::drain);
      register(context, Runnable.class, "reload", server::reload);
    }
  }

  private int run(BundleContext context, Settings settings)
      throws IOException, InterruptedException {
    Options options;
    Transport transport;
    Overload.Limits limits;
    try {
      options = settings.options();
      transport = settings.transport();
      limits = settings.overload();
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      return 1;
    }
    return server.run(context, options, transport, limits);
  }

  @Override
  public void stop(BundleContext context) {
    server.close();
  }

  static <T> void register(BundleContext context, Class<? super T> type, String entry, T service) {
    context.registerService(
        type.getName(), service, FrameworkUtil.asDictionary(Map.of(ENTRY, entry)));
  }
}
