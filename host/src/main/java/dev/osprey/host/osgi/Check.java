package dev.osprey.host.osgi;

import dev.osprey.host.control.Kernel;
import dev.osprey.host.control.Options;
import dev.osprey.host.control.Report;
import dev.osprey.host.deploy.Refusal;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleContext;

/** The entry that judges a configuration with the bundles at hand and starts nothing. */
final class Check implements Callable<Integer> {
  private final BundleContext context;
  private final Options options;

  Check(BundleContext context, Options options) {
    this.context = context;
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    FrameworkBundles bundles = new FrameworkBundles(context, 1);
    Kernel kernel =
        new Kernel(
            options,
            new Kernel.Parts(
                bundles,
                new NoDataPlane(),
                name -> amount -> {},
                (slot, bound, settle) -> {
                  throw new IllegalStateException("nothing is rehearsed by a check");
                },
                InstantSource.system()));
    try {
      String summary = kernel.check();
      kernel.reports().last(Integer.MAX_VALUE).forEach(Check::warn);
      System.out.println("OK: " + file(options.config()) + ", " + summary);
      return 0;
    } catch (Refusal refusal) {
      kernel.reports().last(Integer.MAX_VALUE).forEach(Check::warn);
      System.err.println(refusal.reason());
      return 1;
    } finally {
      kernel.close();
    }
  }

  private static String file(URI config) {
    return "file".equals(config.getScheme()) ? Path.of(config).toString() : config.toString();
  }

  private static void warn(Report report) {
    System.err.println("refused: " + report.cause() + ": " + report.text());
  }
}
