package dev.osprey.it.bundle;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Starts the bundle's own activator (header {@code Real-Activator}), but stands before every
 * callback of its factories, plans and instances: when the folder of the header {@code Arm-Folder}
 * holds a file named {@code Interface.method}, the next call throws what the file names and the
 * file is gone. An instance that serves {@code GET /neighbour} is left alone.
 */
public final class ThrowsOnDemand implements BundleActivator {
  private static final String SPI = "dev.osprey.spi.";
  private static final String NEIGHBOUR = "/neighbour";

  @Override
  public void start(BundleContext context) throws Exception {
    Bundle bundle = context.getBundle();
    Path arms = Path.of(Objects.requireNonNull(bundle.getHeaders().get("Arm-Folder")));
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
                            ((Class<?>) args[0]).getName(),
                            wrap((Class<?>) args[0], args[1], new Instance(arms)),
                            null)
                        : call(context, method, args)));
  }

  @Override
  public void stop(BundleContext context) {}

  private static Object wrap(Class<?> type, Object real, Instance instance) {
    return Proxy.newProxyInstance(
        ThrowsOnDemand.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, args) -> instance.callback(type, real, method, args));
  }

  private static @Nullable Object call(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static boolean isMade(Class<?> type) {
    return type.isInterface() && !type.isSealed() && type.getName().startsWith(SPI);
  }

  /** What is known of one factory, plan, or instance of a connection. */
  private static final class Instance {
    private final Path arms;
    private boolean isNeighbour;
    private @Nullable CodecHost host;

    Instance(Path arms) {
      this.arms = arms;
    }

    @Nullable Object callback(Class<?> type, Object real, Method method, Object @Nullable [] args)
        throws Throwable {
      Instance made = new Instance(arms);
      Object[] passed = args == null ? null : args.clone();
      for (int i = 0; passed != null && i < passed.length; i++) {
        look(passed[i]);
        made.isNeighbour |= isCarried(passed[i]);
        if (method.getParameterTypes()[i].getSimpleName().endsWith("CodecHost")) {
          made.host = (CodecHost) passed[i];
          passed[i] = ears(method.getParameterTypes()[i], passed[i], made);
        }
      }
      if (!isNeighbour && !made.isNeighbour) {
        wishToBeWoken(type);
        strike(type, method, args);
      }
      Object result = call(real, method, passed);
      if (isNeighbour && result instanceof StateRecord record) {
        System.setProperty(mark(record), "");
      }
      Class<?> returned = method.getReturnType();
      return result != null && isMade(returned) ? wrap(returned, result, made) : result;
    }

    /** No real codec asks for that unless its protocol gives it a reason. */
    private void wishToBeWoken(Class<?> type) {
      CodecHost asked = host;
      if (asked != null && Files.exists(arms.resolve(type.getSimpleName() + ".wake"))) {
        asked.wakeAfter(Duration.ofMillis(1));
      }
    }

    /** The host of an instance: what the codec reports tells whom it serves. */
    private static Object ears(Class<?> type, Object real, Instance instance) {
      return Proxy.newProxyInstance(
          ThrowsOnDemand.class.getClassLoader(),
          new Class<?>[] {type},
          (self, method, args) -> {
            for (Object arg : args == null ? new Object[0] : args) {
              instance.look(arg);
            }
            return call(real, method, args);
          });
    }

    private void look(@Nullable Object argument) {
      if (argument instanceof RequestHead head) {
        isNeighbour = head.path().startsWith(NEIGHBOUR);
      } else if (argument instanceof ByteBuf bytes) {
        isNeighbour |=
            bytes.toString(StandardCharsets.ISO_8859_1).startsWith("GET " + NEIGHBOUR + "/tcp");
      }
    }

    private static boolean isCarried(@Nullable Object argument) {
      return argument instanceof StateRecord record && System.getProperty(mark(record)) != null;
    }

    private static String mark(StateRecord record) {
      return "osprey.it.neighbour." + System.identityHashCode(record);
    }

    private void strike(Class<?> type, Method method, Object @Nullable [] args) throws IOException {
      Path arm = arms.resolve(type.getSimpleName() + "." + method.getName());
      if (!Files.exists(arm)) {
        return;
      }
      String kind = Files.readString(arm);
      if (!Files.deleteIfExists(arm)) {
        return;
      }
      if (method.getName().equals("data") || method.getName().startsWith("from")) {
        for (Object arg : args == null ? new Object[0] : args) {
          if (arg instanceof ByteBuf owned) {
            owned.release();
          }
        }
      }
      fail(kind, arm.getFileName().toString());
    }

    private static void fail(String kind, String where) {
      switch (kind) {
        case "RUNTIME_EXCEPTION" -> throw new IllegalStateException("thrown from " + where);
        case "ERROR" -> throw new AssertionError("thrown from " + where);
        default -> overflow(1);
      }
    }

    private static int overflow(int depth) {
      return depth == 0 ? 0 : overflow(depth + 1) + overflow(depth + 2);
    }
  }
}
