package dev.osprey.host.rehearsal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs something again and again until its cost settles: four batches in a row of which none is a
 * tenth better than the best so far; worse ones say only that others want the processor. Bounded in
 * time and number; works an eighth of the time.
 */
final class Cost {
  private static final int FIRST = 1_000;
  private static final int BATCH = 5_000;
  private static final int LEAST = 20_000;
  private static final int STEADY = 4;
  private static final double BETTER = 0.9;
  // Rests longer than it works: the compilers catch up, young collections come less often, and on a
  // machine with few processors the loops need this one too.
  private static final long WORK_NANOS = 200_000;
  private static final long REST_NANOS = 1_500_000;

  private final Duration mostTime;
  private final long mostMessages;
  private long messages;
  private double first;
  private double last;

  Cost(Duration mostTime, long mostMessages) {
    this.mostTime = mostTime;
    this.mostMessages = mostMessages;
  }

  /** Runs some messages; says how many there were. */
  @FunctionalInterface
  interface Some {
    /** Runs them. */
    long run();
  }

  /** Runs until the cost settles. */
  Cost settle(Some some) {
    long end = System.nanoTime() + mostTime.toNanos();
    first = batch(some, FIRST, end);
    last = first;
    double best = first; // of those that were clearly better
    int steady = 0;
    while (messages < mostMessages
        && System.nanoTime() < end
        && (steady < STEADY || messages < LEAST)) {
      last = batch(some, BATCH, end);
      steady++;
      if (last < BETTER * best) {
        steady = 0;
        best = last;
      }
    }
    return this;
  }

  long messages() {
    return messages;
  }

  /** Nanoseconds a message at the beginning. */
  long firstNanos() {
    return Math.round(first);
  }

  /** Nanoseconds a message at the end. */
  long lastNanos() {
    return Math.round(last);
  }

  private double batch(Some some, int size, long end) {
    long done = 0;
    long worked = 0;
    long turn = System.nanoTime();
    long now = turn;
    while (done < size && now < end) {
      long more = some.run();
      if (more == 0) {
        break;
      }
      done += more;
      now = System.nanoTime();
      if (now - turn >= WORK_NANOS) {
        worked += now - turn;
        LockSupport.parkNanos(REST_NANOS);
        turn = now = System.nanoTime();
      }
    }
    messages += done;
    return done == 0 ? 0 : (double) (worked + now - turn) / done;
  }
}
