package dev.osprey.host.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Asks every strand for a sign of life each two milliseconds while somebody wants to know, and
 * measures from the time it was due to the time it came. So a stall counts whatever its cause: work
 * on the strand, a collection, a processor that others had. Any thread.
 */
final class Metronome {
  private static final long BEAT_NANOS = 2_000_000;

  private final Supplier<List<Executor>> strands;
  private final List<Window> windows = new CopyOnWriteArrayList<>();
  private final List<Pulse> pulses = new CopyOnWriteArrayList<>();
  private final AtomicBoolean beating = new AtomicBoolean();

  /**
   * A metronome at rest, which costs nothing.
   *
   * @param strands those that are there now; asked at every beat, because a change may make some
   */
  Metronome(Supplier<List<Executor>> strands) {
    this.strands = strands;
  }

  /** A stretch of time that is measured. */
  final class Window {
    private final long opened = System.nanoTime();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    /** Ends the window; a sign that is overdue now counts as far as it is. */
    Report.Measured close() {
      windows.remove(this);
      long now = System.nanoTime();
      pulses.forEach(pulse -> pulse.overdue(this, now));
      return new Report.Measured(age() / 1_000_000, longest.get());
    }

    /** A sign that was due then has come, or has not come until now. */
    private void late(long due, long now) {
      longest.accumulate(now - Math.max(due, opened));
    }

    /** Nanoseconds since it was opened. */
    long age() {
      return System.nanoTime() - opened;
    }
  }

  /** Opens a window; several may be open. */
  Window open() {
    Window window = new Window();
    windows.add(window);
    if (beating.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("osprey-metronome").start(this::beat);
    }
    return window;
  }

  /** Ends all windows. */
  void close() {
    windows.clear();
  }

  private void beat() {
    do {
      beatWhileWanted();
      beating.set(false);
      // A window may have been opened just before the line above.
    } while (!windows.isEmpty() && beating.compareAndSet(false, true));
  }

  private void beatWhileWanted() {
    pulses.clear();
    long due = System.nanoTime() + BEAT_NANOS;
    while (!windows.isEmpty()) {
      LockSupport.parkNanos(due - System.nanoTime());
      long now = System.nanoTime();
      if (now - due >= 0) {
        ask(strands.get(), due);
        // What was missed is one late beat, not many.
        due = Math.max(due + BEAT_NANOS, now);
      }
    }
  }

  // Strands come, one behind the other, and never go.
  private void ask(List<Executor> present, long due) {
    for (int i = pulses.size(); i < present.size(); i++) {
      pulses.add(new Pulse(present.get(i)));
    }
    pulses.forEach(pulse -> pulse.ask(due));
  }

  /** One strand; at most one question waits there. */
  private final class Pulse {
    private static final long NONE = Long.MIN_VALUE;

    private final Executor strand;
    private final AtomicLong asked = new AtomicLong(NONE);

    Pulse(Executor strand) {
      this.strand = strand;
    }

    void ask(long due) {
      if (asked.compareAndSet(NONE, due)) {
        try {
          strand.execute(this::answer);
        } catch (RejectedExecutionException closed) {
          // The process says goodbye; nobody waits for this figure any more.
          return;
        }
      }
    }

    private void answer() {
      long now = System.nanoTime();
      long due = asked.getAndSet(NONE);
      windows.forEach(window -> window.late(due, now));
    }

    void overdue(Window window, long now) {
      long due = asked.get();
      if (due != NONE) {
        window.late(due, now);
      }
    }
  }
}
