package dev.osprey.testkit;

import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans that do their work until a {@link Fault} strikes, in the plan itself or in any instance it
 * made. A buffer that changes hands in the call that throws is released, as the contract demands.
 */
public final class ThrowingExtensions {
  private static final Set<String> TAKES_BUFFERS = Set.of("data", "fromDownstream", "fromUpstream");
  private static final Set<Class<?>> INSTANCES =
      Set.of(ServerCodec.class, ClientCodec.class, ByteTerminal.class, StreamFilter.class);

  private ThrowingExtensions() {}

  /** A codec that throws. */
  public static CodecPlan codec(CodecPlan plan, Fault fault) {
    return wrap(CodecPlan.class, plan, fault);
  }

  /** A byte terminal that throws. */
  public static ByteTerminalPlan terminal(ByteTerminalPlan plan, Fault fault) {
    return wrap(ByteTerminalPlan.class, plan, fault);
  }

  /** A stream filter that throws. */
  public static StreamFilterPlan streamFilter(StreamFilterPlan plan, Fault fault) {
    return wrap(StreamFilterPlan.class, plan, fault);
  }

  /** A router that throws. */
  public static RouterPlan router(RouterPlan plan, Fault fault) {
    return wrap(RouterPlan.class, plan, fault);
  }

  /** An access log that throws. */
  public static AccessLogPlan accessLog(AccessLogPlan plan, Fault fault) {
    return wrap(AccessLogPlan.class, plan, fault);
  }

  /** The names of all callbacks of an SPI interface, to go through in turn. */
  public static List<String> callbacks(Class<?> type) {
    return Stream.of(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .map(Method::getName)
        .distinct()
        .sorted()
        .toList();
  }

  private static <T> T wrap(Class<T> type, T real, Fault fault) {
    InvocationHandler handler = (proxy, method, args) -> invoke(real, method, args, fault);
    ClassLoader loader = ThrowingExtensions.class.getClassLoader();
    return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, handler));
  }

  private static @Nullable Object invoke(
      Object real, Method method, Object @Nullable [] args, Fault fault) throws Throwable {
    boolean strikes = fault.strikes(method.getName());
    if (strikes && !fault.isAfterwards()) {
      release(method, args);
      fault.strike();
    }
    Object result;
    try {
      result = method.invoke(real, args);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
    if (strikes) {
      fault.strike();
    }
    return wrapped(method.getReturnType(), result, fault);
  }

  private static void release(Method method, Object @Nullable [] args) {
    if (args == null || !TAKES_BUFFERS.contains(method.getName())) {
      return;
    }
    for (Object arg : args) {
      if (arg instanceof ByteBuf buffer) {
        buffer.release();
      }
    }
  }

  private static <T> @Nullable Object wrapped(Class<T> type, @Nullable Object result, Fault fault) {
    return INSTANCES.contains(type) && result != null
        ? wrap(type, type.cast(result), fault)
        : result;
  }
}
