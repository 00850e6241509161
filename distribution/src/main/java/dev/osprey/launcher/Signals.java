package dev.osprey.launcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns the first SIGTERM or SIGINT into a polite end, which keeps the exit code in our hands; a
 * second one ends the process at once with 1. A shutdown hook could not: the JVM's own handler ends
 * with 143 and drops the second signal. SIGHUP, which would end the process too, is the operator's
 * word for a reload; a process that was started to ignore it (nohup) still does.
 *
 * <p>{@code sun.misc.Signal}, in the module {@code jdk.unsupported}, is the JDK's only door to
 * signals; it is called by reflection because the compiler warns of its name in a way that can't be
 * suppressed.
 */
final class Signals {
  private final AtomicBoolean asked = new AtomicBoolean();
  private final Runnable stop;
  private final Runnable reload;

  private Signals(Runnable stop, Runnable reload) {
    this.stop = stop;
    this.reload = reload;
  }

  /** From now on the first signal to end runs {@code stop} on a thread of its own. */
  static void install(Runnable stop, Runnable reload) {
    Signals signals = new Signals(stop, reload);
    try {
      signals.handle("TERM", "toStop");
      signals.handle("INT", "toStop");
      signals.handle("HUP", "toReload");
    } catch (ReflectiveOperationException noSignals) {
      System.err.println("osprey: this JVM has no signals, its own handlers stay: " + noSignals);
    }
  }

  private void handle(String name, String method) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    MethodHandle received =
        MethodHandles.lookup()
            .findVirtual(Signals.class, method, MethodType.methodType(void.class))
            .bindTo(this);
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance(name),
            MethodHandleProxies.asInterfaceInstance(
                handler, MethodHandles.dropArguments(received, 0, signal)));
  }

  /** SIGHUP came, on a thread of the JVM for it; called by its name alone. */
  void toReload() {
    reload.run();
  }

  /** SIGTERM or SIGINT came; called by its name alone. */
  void toStop() {
    if (asked.compareAndSet(false, true)) {
      System.err.println("osprey: draining; a second signal ends at once");
      Thread.ofPlatform().name("osprey-stop").start(stop);
    } else {
      Runtime.getRuntime().halt(1);
    }
  }
}
