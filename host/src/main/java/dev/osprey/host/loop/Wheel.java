package dev.osprey.host.loop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coarse timer wheel for one loop. A timer's owner moves its deadline by changing a field of its
 * own; the wheel finds out when the timer fires and is told the next deadline. So activity costs no
 * wheel operation, and one timer per connection is enough.
 */
public final class Wheel {
  /** Length of a tick; deadlines are kept to about this precision, never early by owner's rules. */
  public static final long TICK_NANOS = 50_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Wheel.class);
  private static final int SLOTS = 1024;

  private final @Nullable Timer[] slots = new Timer[SLOTS];
  private @Nullable Timer[] batch = new Timer[16];
  private int batched;
  private int fired;
  private long tick;
  private boolean started;

  /** A place in the wheel. */
  public static final class Timer {
    private final Expiry expiry;
    private long due = Long.MAX_VALUE;
    private int slot = -1;
    private boolean firing;
    private @Nullable Timer next;
    private @Nullable Timer previous;

    /** A timer at rest. */
    public Timer(Expiry expiry) {
      this.expiry = expiry;
    }
  }

  /** What happens when a timer fires. */
  public interface Expiry {
    /** No further deadline. */
    long NEVER = Long.MAX_VALUE;

    /**
     * The timer fired, perhaps before the owner's real deadline.
     *
     * @param now the time, in nanoseconds of {@link Clock}
     * @return the next deadline on the same scale, or {@link #NEVER}
     */
    long expired(long now);
  }

  /** Makes sure that the timer fires no later than a tick after {@code deadline}. */
  public void ensure(Timer timer, long deadline, long now) {
    if (timer.slot >= 0 && timer.due - deadline <= 0) {
      return;
    }
    cancel(timer);
    if (deadline != Expiry.NEVER) {
      insert(timer, deadline, now);
    }
  }

  /** Takes the timer out. */
  public void cancel(Timer timer) {
    timer.firing = false;
    if (timer.slot < 0) {
      return;
    }
    if (timer.previous == null) {
      slots[timer.slot] = timer.next;
    } else {
      timer.previous.next = timer.next;
    }
    if (timer.next != null) {
      timer.next.previous = timer.previous;
    }
    timer.next = timer.previous = null;
    timer.slot = -1;
    timer.due = Long.MAX_VALUE;
  }

  /**
   * Fires what is due; called about once a tick. What an error keeps from firing fires next time.
   */
  public void advance(long now) {
    long target = now / TICK_NANOS;
    if (!started) {
      started = true;
      tick = target;
    }
    // After a long stall one round is enough: every slot is looked at once.
    tick = Math.max(tick, target - SLOTS);
    fireBatch(now);
    while (tick < target) {
      take((int) (tick % SLOTS));
      tick++;
      fireBatch(now);
    }
  }

  private void expire(Timer timer, long now) {
    try {
      long next = timer.expiry.expired(now);
      if (next != Expiry.NEVER) {
        ensure(timer, next, now);
      }
    } catch (RuntimeException | Error bug) {
      // A mistake of ours in one timer, or no memory for it, must not stop the clock of the others.
      LOG.error("a timer failed", bug);
    }
  }

  private void insert(Timer timer, long deadline, long now) {
    if (!started) {
      started = true;
      tick = now / TICK_NANOS;
    }
    long at = Math.max(deadline / TICK_NANOS + 1, tick);
    at = Math.min(at, tick + SLOTS - 1);
    timer.due = deadline;
    timer.slot = (int) (at % SLOTS);
    Timer head = slots[timer.slot];
    timer.next = head;
    if (head != null) {
      head.previous = timer;
    }
    slots[timer.slot] = timer;
  }

  private void fireBatch(long now) {
    while (fired < batched) {
      Timer timer = batch[fired];
      batch[fired++] = null;
      // What fired before may have cancelled it, or given it another deadline.
      if (timer != null && timer.firing) {
        timer.firing = false;
        expire(timer, now);
      }
    }
    fired = batched = 0;
  }

  /** Empties a slot into the batch; what fires may insert into this very slot. */
  private void take(int slot) {
    // Room first: when there is none, the slot is still whole and its turn comes again.
    int count = 0;
    for (Timer timer = slots[slot]; timer != null; timer = timer.next) {
      count++;
    }
    if (count > batch.length) {
      batch = new Timer[Math.max(count, batch.length * 2)];
    }
    Timer next = slots[slot];
    slots[slot] = null;
    while (next != null) {
      Timer timer = next;
      next = timer.next;
      timer.next = timer.previous = null;
      timer.slot = -1;
      timer.due = Long.MAX_VALUE;
      timer.firing = true;
      batch[batched++] = timer;
    }
  }
}
