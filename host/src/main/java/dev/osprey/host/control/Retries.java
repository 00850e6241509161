package dev.osprey.host.control;

/**
 * When what was refused for a passing reason is tried again: after a second, then after twice as
 * long each time, up to a minute. On the control thread.
 */
final class Retries {
  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final long MOST_NANOS = 60 * FIRST_NANOS;

  private long pause = FIRST_NANOS;
  private long due;
  private boolean waiting;

  /**
   * Asked regularly.
   *
   * @param wanted true while something waits for another try
   * @return true when this is the time for it
   */
  boolean isTime(boolean wanted) {
    return isTime(wanted, System.nanoTime());
  }

  boolean isTime(boolean wanted, long now) {
    if (!wanted) {
      waiting = false;
      pause = FIRST_NANOS;
      return false;
    }
    if (!waiting) {
      waiting = true;
      due = now + pause;
      return false;
    }
    if (now - due < 0) {
      return false;
    }
    pause = Math.min(2 * pause, MOST_NANOS);
    waiting = false;
    return true;
  }
}
