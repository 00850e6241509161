package dev.osprey.testkit;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.testkit.toy.ToyMuxFactory;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The toy codec with one thing done wrong. */
record BrokenCodec(Sabotage sabotage) implements CodecFactory {
  /** Sees every call of plan and codecs and may do something else instead. */
  interface Sabotage {
    @Nullable Object call(Object real, Method method, Object @Nullable [] args) throws Throwable;
  }

  @Override
  public String name() {
    return "broken";
  }

  @Override
  public List<String> configTypes() {
    return List.of("broken");
  }

  @Override
  public CodecPlan plan(ConfigNode config, PlanContext context) {
    return wrap(CodecPlan.class, new ToyMuxFactory().plan(config, context));
  }

  private <T> T wrap(Class<T> type, T real) {
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              Object result = sabotage.call(real, method, args);
              return method.getReturnType().getSimpleName().endsWith("Codec")
                  ? wrapAny(method.getReturnType(), result)
                  : result;
            });
    return type.cast(proxy);
  }

  private <T> T wrapAny(Class<T> type, @Nullable Object real) {
    return wrap(type, type.cast(real));
  }

  static @Nullable Object proceed(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  /** Keeps a reference to every piece of input. */
  static @Nullable Object leaks(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getName().equals("decode") && args != null) {
      ((ByteBuf) args[0]).retain();
    }
    return proceed(real, method, args);
  }

  /** Loses the last byte of its state, as when a field is forgotten. */
  static @Nullable Object forgets(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getName().equals("detach")) {
      StateRecord full = (StateRecord) proceed(real, method, args);
      byte[] state = full.state().clone();
      state[0] ^= 1;
      return new StateRecord(full.format(), full.version(), state);
    }
    return proceed(real, method, args);
  }

  /** Reads nothing unless six bytes are there, and drops what is there otherwise. */
  static @Nullable Object drops(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getName().equals("decode") && args != null) {
      ByteBuf in = (ByteBuf) args[0];
      in.skipBytes(in.readableBytes() < 6 ? in.readableBytes() : 0);
    }
    return proceed(real, method, args);
  }

  /** Claims to read every record. */
  static @Nullable Object readsAll(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    return method.getName().equals("reads") ? true : proceed(real, method, args);
  }

  /** Is never at rest, although it says that a connection has one exchange at a time. */
  static @Nullable Object restless(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    boolean lies = method.getName().equals("isAtRest") || method.getName().equals("isMultiplexed");
    return lies ? false : proceed(real, method, args);
  }

  /** Recognises nothing. */
  static @Nullable Object blind(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    return method.getName().equals("recognise")
        ? dev.osprey.spi.codec.Recognition.NO
        : proceed(real, method, args);
  }

  /** Throws once a connection's input exceeds what a small message takes. */
  static @Nullable Object fragile(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      Object result = proceed(real, method, args);
      boolean closes = method.getName().equals("decode") && args != null;
      if (closes && ((ByteBuf) args[0]).writerIndex() > 20 && ((ByteBuf) args[0]).getByte(0) < 0) {
        throw new IndexOutOfBoundsException("fragile");
      }
      return result;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  /** Ignores the end of input. */
  static @Nullable Object deaf(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    return method.getName().equals("endOfInput") ? null : proceed(real, method, args);
  }

  /** Releases nothing when the connection is lost. */
  static @Nullable Object careless(Object real, Method method, Object @Nullable [] args)
      throws Throwable {
    return method.getName().equals("closed") ? null : proceed(real, method, args);
  }
}
