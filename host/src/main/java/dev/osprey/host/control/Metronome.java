package dev.osprey.host.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final AtomicBoolean beating = new AtomicBoolean();

  /** A metronome at rest, which costs nothing. */
  Metronome(Supplier<List<Executor>> strands) {
    this.strands = strands;
  }

  /** A stretch of time that is measured. */
  final class Window {
    private final long opened = System.nanoTime();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    /** Ends the window. */
    Report.Measured close() {
      windows.remove(this);
      return new Report.Measured(age() / 1_000_000, longest.get());
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
    List<Pulse> pulses = strands.get().stream().map(Pulse::new).toList();
    long due = System.nanoTime() + BEAT_NANOS;
    while (!windows.isEmpty()) {
      LockSupport.parkNanos(due - System.nanoTime());
      long now = System.nanoTime();
      if (now - due >= 0) {
        long asked = due;
        pulses.forEach(pulse -> pulse.ask(asked));
        // What was missed is one late beat, not many.
        due = Math.max(due + BEAT_NANOS, now);
      }
    }
  }

  /** One strand; at most one question waits there. */
  private final class Pulse {
    private final Executor strand;
    private final AtomicBoolean waiting = new AtomicBoolean();

    Pulse(Executor strand) {
      this.strand = strand;
    }

    void ask(long due) {
      if (waiting.compareAndSet(false, true)) {
        try {
          strand.execute(() -> answer(due));
        } catch (RejectedExecutionException closed) {
          // The process says goodbye; nobody waits for this figure any more.
          return;
        }
      }
    }

    private void answer(long due) {
      long late = System.nanoTime() - due;
      waiting.set(false);
      windows.forEach(window -> window.longest.accumulate(late));
    }
  }
}
