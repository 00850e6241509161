package dev.osprey.host.control;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares how long strands were kept waiting while a change was made with how long they are when
 * nothing happens, and completes the change's report. A change's window begins with its plans and
 * ends a tenth of a second after it was published; the control window begins another tenth later,
 * is as long, and ends early when the next change begins. Any thread.
 */
final class StallWatch {
  private static final long TAIL_NANOS = 100_000_000;
  private static final long LEAST_NANOS = 200_000_000;
  private static final long MOST_NANOS = 3_000_000_000L;

  private final Metronome metronome;
  private final Reports reports;
  private final List<Case> cases = new ArrayList<>();

  StallWatch(Metronome metronome, Reports reports) {
    this.metronome = metronome;
    this.reports = reports;
  }

  /** A change begins. */
  synchronized Case begin() {
    cases.forEach(Case::cut);
    cases.clear();
    return new Case(metronome.open());
  }

  /** Goes on with what is due; about every 50 ms. */
  synchronized void poll() {
    cases.removeIf(Case::isDone);
  }

  /** Measures nothing any more. */
  synchronized void close() {
    cases.clear();
    metronome.close();
  }

  private synchronized void follow(Case published) {
    cases.add(published);
  }

  /** One change under measurement. */
  final class Case {
    private final Metronome.Window changing;
    private Report.@Nullable Measured change;
    private Metronome.@Nullable Window control;
    private long report;
    private long since;

    Case(Metronome.Window changing) {
      this.changing = changing;
    }

    /** The change is published, with a report of that number. */
    void published(long number) {
      report = number;
      since = System.nanoTime();
      follow(this);
    }

    /** The change is over: without a report there is nothing to measure. */
    void close() {
      if (report == 0) {
        var _ = changing.close();
      }
    }

    private boolean isDone() {
      long age = System.nanoTime() - since;
      Report.Measured measured = change;
      Metronome.Window open = control;
      if (measured == null) {
        change = age >= TAIL_NANOS ? changing.close() : null;
        return false;
      }
      if (open == null) {
        control = age >= 2 * TAIL_NANOS ? metronome.open() : null;
        return false;
      }
      if (open.age() < Math.clamp(measured.millis() * 1_000_000, LEAST_NANOS, MOST_NANOS)) {
        return false;
      }
      reports.complete(report, new Report.Stalls(measured, open.close()));
      return true;
    }

    private void cut() {
      Report.Measured measured = change == null ? changing.close() : change;
      Metronome.Window open = control;
      boolean enough = open != null && open.age() >= LEAST_NANOS;
      Report.Measured compared = open == null ? null : open.close();
      reports.complete(report, new Report.Stalls(measured, enough ? compared : null));
    }
  }
}
