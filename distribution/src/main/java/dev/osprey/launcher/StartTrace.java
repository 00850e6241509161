package dev.osprey.launcher;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Tells how long the start took, in steps on standard error, when it was asked to. */
final class StartTrace {
  private static volatile boolean on = System.getenv("OSPREY_TRACE_START") != null;

  private StartTrace() {}

  static void turnOn() {
    on = true;
  }

  /** Prints that a step is reached. */
  static void mark(String step) {
    if (on) {
      System.err.printf("start: %5d ms %s%n", sinceStart().toMillis(), step);
    }
  }

  /** The age of this JVM. */
  static Duration sinceStart() {
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    return Duration.ofMillis(System.currentTimeMillis() - start);
  }
}
