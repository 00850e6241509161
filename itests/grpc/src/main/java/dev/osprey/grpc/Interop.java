package dev.osprey.grpc;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.AssumptionViolatedException;
import org.junit.Test;

/** grpc-java's interop suite against a server at a port of this machine. */
public final class Interop extends AbstractInteropTest {
  /** Cases about the test's own server in the same process, which is not there. */
  private static final Set<String> NEED_A_SERVER_OF_THEIR_OWN =
      Set.of("censusContextsPropagated", "getServerAddressAndLocalAddressFromClient");

  private static final Set<String> TAKE_LONG = Set.of("veryLargeRequest", "veryLargeResponse");

  private final int port;

  /** How a case ended. */
  private enum End {
    PASSED,
    /** It found that it can't be run here, and says nothing. */
    SKIPPED,
    FAILED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Interop(int port) {
    this.port = port;
  }

  @Override
  protected ManagedChannelBuilder<?> createChannelBuilder() {
    return Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
        .maxInboundMessageSize(16 << 20);
  }

  @Override
  protected boolean metricsExpected() {
    return false;
  }

  /**
   * Runs the cases in turn until the time is up, all of them once at least; prints each failure.
   *
   * @param args port and seconds
   */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[1])).toNanos();
    List<Method> cases = cases();
    Map<End, Integer> ends = new EnumMap<>(End.class);
    boolean first = true;
    do {
      for (Method method : cases) {
        if (first || (System.nanoTime() < end && !TAKE_LONG.contains(method.getName()))) {
          End how = run(new Interop(port), method);
          System.out.println(how.label() + " " + method.getName());
          ends.merge(how, 1, Integer::sum);
        }
      }
      first = false;
    } while (System.nanoTime() < end);
    int failed = ends.getOrDefault(End.FAILED, 0);
    System.out.printf(
        "%d cases, %d passed, %d skipped, %d failed%n",
        cases.size(), ends.getOrDefault(End.PASSED, 0), ends.getOrDefault(End.SKIPPED, 0), failed);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static List<Method> cases() {
    return Arrays.stream(AbstractInteropTest.class.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> method.getParameterCount() == 0)
        .filter(method -> !NEED_A_SERVER_OF_THEIR_OWN.contains(method.getName()))
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }

  private static End run(Interop suite, Method method) {
    suite.setUp();
    try {
      method.invoke(suite);
      return End.PASSED;
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof AssumptionViolatedException) {
        return End.SKIPPED;
      }
      thrown.printStackTrace(System.out);
      return End.FAILED;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      suite.tearDown();
    }
  }
}
