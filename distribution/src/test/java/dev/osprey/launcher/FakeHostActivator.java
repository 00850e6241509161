package dev.osprey.launcher;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** What a host gives to the launcher, in a bundle that serves nothing. */
public final class FakeHostActivator implements BundleActivator {
  private final CountDownLatch drained = new CountDownLatch(1);

  @Override
  public void start(BundleContext context) {
    register(context, Callable.class, () -> run(context), "run");
    register(context, Callable.class, () -> check(context), "check");
    register(context, Runnable.class, drained::countDown, "drain");
  }

  @Override
  public void stop(BundleContext context) {}

  private int run(BundleContext context) throws InterruptedException {
    String status =
        "{\"listeners\":[{\"name\":\"demo\",\"address\":\"127.0.0.1\",\"port\":4711}],\"deploy\":\""
            + context.getProperty("osprey.deploy")
            + "\"}";
    register(context, Supplier.class, () -> status, "status");
    drained.await();
    return 0;
  }

  private static int check(BundleContext context) {
    System.err.println("checked " + context.getProperty("osprey.config"));
    return context.getProperty("osprey.mode").equals("check") ? 1 : 7;
  }

  private static <T> void register(BundleContext context, Class<T> type, T service, String entry) {
    context.registerService(
        type, service, FrameworkUtil.asDictionary(Map.of("osprey.entry", entry)));
  }
}
