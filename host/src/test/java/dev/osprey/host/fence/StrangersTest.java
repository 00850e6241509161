package dev.osprey.host.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.Codec;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StrangersTest {
  /** Asked for on the control thread, seldom: such code is not compiled while an old one lives. */
  private static final Set<String> SELDOM = Set.of("rehearsals", "target", "over");

  private static final List<Class<?>> KINDS =
      List.of(
          CodecPlan.class,
          ServerCodec.class,
          ClientCodec.class,
          Codec.class,
          StreamFilterPlan.class,
          StreamFilter.class,
          ByteTerminalPlan.class,
          ByteTerminal.class,
          RouterPlan.class,
          LoadBalancer.class,
          AccessLogPlan.class,
          HealthCheckPlan.class);

  private final Set<String> called = new TreeSet<>();

  @Test
  void everyCallThatAStrandMakesOnAnExtensionIsMadeOnAStranger() {
    ByteBuf data = PooledByteBufAllocator.DEFAULT.directBuffer(1);
    Strangers.meet(plans(), data);
    assertEquals(1, data.refCnt(), "the buffer given back by nobody");
    data.release();

    assertEquals(expected(), called, "calls that went through a fence");
    assertEquals(0, Strangers.NOBODY.failures(), "none of them threw");
  }

  @Test
  void everyCallOfARehearsalIsMadeOnAStranger() {
    ByteBuf data = PooledByteBufAllocator.DEFAULT.directBuffer(1);
    Strangers.rehearse(recorder(CodecPlan.class), data);
    data.release();

    Set<String> methods =
        Arrays.stream(OpenFence.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    // By a record, under the same name.
    methods.addAll(Set.of("attachServer", "attachClient"));
    assertEquals(
        methods,
        called.stream()
            .map(name -> name.substring(name.indexOf('.') + 1))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void noStrangerThrows() {
    Strangers.meet();
    Strangers.meetInRehearsal();

    assertEquals(0, Strangers.NOBODY.failures());
  }

  private Strangers.Plans plans() {
    return new Strangers.Plans(
        recorder(CodecPlan.class),
        recorder(StreamFilterPlan.class),
        () -> {
          called.add("Callable.call");
          return Verdict.CONTINUE;
        },
        verdict -> {
          called.add("Function.apply");
          return verdict;
        },
        recorder(ByteTerminalPlan.class),
        recorder(RouterPlan.class),
        recorder(LoadBalancerPlan.class),
        recorder(LoadBalancer.class),
        recorder(AccessLogPlan.class),
        recorder(HealthCheckPlan.class));
  }

  private static Set<String> expected() {
    Set<String> all =
        KINDS.stream()
            .flatMap(kind -> Arrays.stream(kind.getDeclaredMethods()).map(StrangersTest::nameOf))
            .filter(name -> !SELDOM.contains(name.substring(name.indexOf('.') + 1)))
            .collect(Collectors.toCollection(TreeSet::new));
    all.add("Callable.call");
    all.add("Function.apply");
    return all;
  }

  private static String nameOf(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  private <T> T recorder(Class<T> kind) {
    InvocationHandler recording =
        (self, method, arguments) -> {
          called.add(nameOf(method));
          return answer(method.getReturnType());
        };
    return kind.cast(
        Proxy.newProxyInstance(
            StrangersTest.class.getClassLoader(), new Class<?>[] {kind}, recording));
  }

  private Object answer(Class<?> type) {
    if (KINDS.contains(type)) {
      return recorder(type);
    }
    return switch (type.getSimpleName()) {
      case "Recognition" -> Recognition.NO;
      case "Progress" -> Progress.WAIT;
      case "StateRecord" -> StateRecord.empty("recorded", 1);
      case "LocalAnswer" -> new LocalAnswer(Strangers.ANSWER.head(), new byte[0]);
      case "RouteDecision" -> RouteDecision.NoRoute.INSTANCE;
      case "Duration" -> Duration.ZERO;
      case "Probe" -> new Probe(Strangers.PROBE.head(), new byte[0]);
      case "Optional" -> Optional.empty();
      case "boolean" -> true;
      case "int" -> 0;
      case "void" -> Optional.empty();
      default -> Verdict.CONTINUE;
    };
  }
}
