package dev.osprey.host.loop;

/**
 * Monotonic time since the start of the process: always positive, so it can be divided and
 * compared.
 */
public final class Clock {
  private static final long ORIGIN = System.nanoTime() - 1;

  private Clock() {}

  /** Nanoseconds since the process started, above 0. */
  public static long nanos() {
    return System.nanoTime() - ORIGIN;
  }
}
