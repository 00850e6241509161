package dev.osprey.host.control;

import dev.osprey.host.deploy.Refusal;

/**
 * The one place of the control side where whatever a bundle throws is caught. It becomes text at
 * once: a kept exception would pin the bundle's class loader.
 */
public final class Fence {
  private Fence() {}

  /** A call into a bundle. */
  @FunctionalInterface
  public interface Call<T> {
    /** Calls. */
    T call() throws Exception;
  }

  /** A call into a bundle without a result. */
  @FunctionalInterface
  public interface Action {
    /** Calls. */
    void run() throws Exception;
  }

  /**
   * Calls; whatever is thrown becomes a refusal that says {@code what} failed.
   *
   * @throws Refusal if the bundle throws
   */
  // The fence: an Error of a bundle is the bundle's.
  public static <T> T call(String what, Call<T> call) throws Refusal {
    try {
      return call.call();
    } catch (Refusal refusal) {
      throw refusal;
    } catch (Throwable thrown) {
      if (thrown instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new Refusal(what + ": " + text(thrown));
    }
  }

  /**
   * Calls; what is thrown is returned as text.
   *
   * @return empty when all went well
   */
  public static String run(String what, Action action) {
    try {
      call(
          what,
          () -> {
            action.run();
            return "";
          });
      return "";
    } catch (Refusal refusal) {
      return refusal.reason();
    }
  }

  /** An exception and its causes in one line; asks the exception itself as little as possible. */
  static String text(Throwable thrown) {
    StringBuilder text = new StringBuilder(one(thrown));
    Throwable cause = cause(thrown);
    for (int depth = 0; cause != null && depth < 5; depth++) {
      text.append(", caused by ").append(one(cause));
      cause = cause(cause);
    }
    return text.toString();
  }

  private static String one(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    String at = trace.length == 0 ? "" : " at " + trace[0];
    return thrown.getClass().getName() + message(thrown) + at;
  }

  private static String message(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : ": " + message.lines().findFirst().orElse("");
    } catch (RuntimeException | Error badException) {
      return " (whose message throws)";
    }
  }

  @SuppressWarnings("ReferenceEquality") // an exception that is its own cause
  private static @org.jspecify.annotations.Nullable Throwable cause(Throwable thrown) {
    try {
      Throwable cause = thrown.getCause();
      return cause == thrown ? null : cause;
    } catch (RuntimeException | Error badException) {
      return null;
    }
  }
}
