package dev.osprey.launcher;

import java.time.Duration;
import java.time.Instant;

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
      System.err.printf("start: %5d ms %s%n", sinceProcessStart().toMillis(), step);
    }
  }

  /** The age of this process; the kernel tells its start in steps of 10 ms. */
  static Duration sinceProcessStart() {
    Instant now = Instant.now();
    return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
  }
}
