package dev.osprey.it.bundle;

import dev.osprey.codec.http1.Http1Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * The HTTP/1 codec, but a request for {@code /throw/SIDE/CALLBACK/KIND} makes the next call of that
 * callback throw, on that request's connection only. Sides: server, client; the plan throws from
 * {@code answer} for a path of side plan. Kinds: exception, error, stack.
 */
public final class ThrowsOnPath implements BundleActivator {
  private static final String PREFIX = "/throw/";

  @Override
  public void start(BundleContext context) {
    context.registerService(CodecFactory.class, new Throwing(new Http1Factory()), null);
  }

  @Override
  public void stop(BundleContext context) {}

  private record Throwing(CodecFactory real) implements CodecFactory {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public List<String> configTypes() {
      return real.configTypes();
    }

    @Override
    public CodecPlan plan(ConfigNode config, PlanContext context) {
      return proxy(CodecPlan.class, new Plan(real.plan(config, context)));
    }
  }

  /** What a connection's proxies know. */
  private static final class Arming {
    private String callback = "";
    private String kind = "";

    void look(String side, @Nullable Object argument) {
      if (argument instanceof RequestHead head && head.path().startsWith(PREFIX + side + "/")) {
        String[] parts = head.path().split("/", -1);
        callback = parts[3];
        kind = parts[4];
      }
    }

    void strike(Method method, Object @Nullable [] args) {
      if (method.getName().equals(callback)) {
        callback = "";
        for (Object arg : args == null ? new Object[0] : args) {
          if (arg instanceof ByteBuf data && method.getName().equals("data")) {
            data.release();
          }
        }
        fail(kind);
      }
    }

    private static void fail(String kind) {
      switch (kind) {
        case "exception" -> throw new IllegalStateException("thrown on purpose");
        case "error" -> throw new AssertionError("thrown on purpose");
        default -> overflow(1);
      }
    }

    private static int overflow(int depth) {
      return depth == 0 ? 0 : overflow(depth + 1) + overflow(depth + 2);
    }
  }

  private record Plan(CodecPlan real) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
        throws Throwable {
      Arming arming = new Arming();
      return switch (method.getName()) {
        case "server" -> {
          ServerCodecHost host = (ServerCodecHost) first(args);
          ServerCodecHost ears =
              proxy(ServerCodecHost.class, new Armed(host, arming, "server", false));
          yield proxy(ServerCodec.class, new Armed(real.server(ears), arming, "", true));
        }
        case "client" ->
            proxy(ClientCodec.class, new Armed(call(real, method, args), arming, "client", true));
        case "answer" -> {
          arming.look("plan", args == null ? null : args[1]);
          arming.strike(method, args);
          yield call(real, method, args);
        }
        case "rehearsals" -> List.of();
        default -> call(real, method, args);
      };
    }
  }

  /**
   * Passes calls on.
   *
   * @param listens the side whose paths arm it; empty for none
   * @param strikes whether its own calls throw
   */
  private record Armed(@Nullable Object real, Arming arming, String listens, boolean strikes)
      implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
        throws Throwable {
      if (!listens.isEmpty() && args != null) {
        for (Object arg : args) {
          arming.look(listens, arg);
        }
      }
      if (strikes) {
        arming.strike(method, args);
      }
      return call(real, method, args);
    }
  }

  private static Object first(Object @Nullable [] args) {
    if (args == null) {
      throw new IllegalArgumentException("no argument");
    }
    return args[0];
  }

  private static @Nullable Object call(
      @Nullable Object real, Method method, Object @Nullable [] args) throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            ThrowsOnPath.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
