package dev.osprey.it.bundle;

import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.testkit.Fault;
import dev.osprey.testkit.ThrowingExtensions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Starts the bundle's own activator, but the plans of its factories throw. The header {@code Fault}
 * names the callback and the kind, {@code Real-Activator} the activator.
 */
public final class ThrowsAlways implements BundleActivator {
  @Override
  public void start(BundleContext context) throws Exception {
    Bundle bundle = context.getBundle();
    String[] fault = Objects.requireNonNull(bundle.getHeaders().get("Fault")).split(" ", -1);
    Class<?> real = bundle.loadClass(bundle.getHeaders().get("Real-Activator"));
    BundleActivator activator = (BundleActivator) real.getDeclaredConstructor().newInstance();
    activator.start(
        (BundleContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, args) ->
                    method.getName().equals("registerService")
                        ? context.registerService(
                            ((Class<?>) args[0]).getName(), factory(args[1], fault), null)
                        : call(context, method, args)));
  }

  @Override
  public void stop(BundleContext context) {}

  private static Object factory(Object real, String[] fault) {
    return Proxy.newProxyInstance(
        ThrowsAlways.class.getClassLoader(),
        real.getClass().getInterfaces(),
        (self, method, args) -> {
          Object result = call(real, method, args);
          return method.getName().equals("plan") ? plan(result, fault) : result;
        });
  }

  private static @Nullable Object plan(@Nullable Object plan, String[] text) {
    Fault fault = new Fault(text[0], 1, Fault.Kind.valueOf(text[1]));
    return switch (plan) {
      case RouterPlan router -> ThrowingExtensions.router(router, fault);
      case ByteTerminalPlan terminal -> ThrowingExtensions.terminal(terminal, fault);
      case AccessLogPlan log -> ThrowingExtensions.accessLog(log, fault);
      case null, default -> plan;
    };
  }

  private static @Nullable Object call(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
