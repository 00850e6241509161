package dev.osprey.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latencies of a run, as a whole and by window.
 *
 * <p>A request belongs to a swap window if any part of its life, from the intended start to the
 * answer, lies in one: also one that was stalled past the window's end. Otherwise it belongs to a
 * control window if its whole life lies in one. Not thread-safe: one loop's thread calls it.
 */
public final class Latencies {
  private static final long MAX_MICROS = 600_000_000;
  private static final int MAX_STALLS_KEPT = 1000;

  private final Histogram all = new Histogram(1, MAX_MICROS, 3);
  private final Slot swap = new Slot();
  private final Slot control = new Slot();
  private final long stallMicros;
  private final List<Stall> stalls = new ArrayList<>();
  private long stallCount;
  private @Nullable WindowKind open;

  /** Latencies that call everything above {@code stallMicros} a stall. */
  public Latencies(long stallMicros) {
    this.stallMicros = stallMicros;
  }

  /** Opens a window at a time of {@link System#nanoTime()}; one that is still open ends there. */
  public void begin(WindowKind kind, long nanos) {
    end(nanos);
    slot(kind).begin(nanos);
    open = kind;
  }

  /** Ends the open window, if there is one. */
  public void end(long nanos) {
    if (open != null) {
      slot(open).to = nanos;
      open = null;
    }
  }

  /** Counts one answered request. */
  public void record(int connection, long intendedNanos, long doneNanos) {
    long micros = Math.clamp((doneNanos - intendedNanos) / 1000, 1, MAX_MICROS);
    all.recordValue(micros);
    boolean inSwap = swap.overlaps(intendedNanos, doneNanos);
    if (inSwap) {
      swap.current.recordValue(micros);
    } else if (control.contains(intendedNanos, doneNanos)) {
      control.current.recordValue(micros);
    }
    if (micros > stallMicros) {
      stall(connection, doneNanos, micros, inSwap);
    }
  }

  /** The figures so far. */
  public Summary summary() {
    List<WindowCounts> swaps = swap.windows();
    List<WindowCounts> controls = control.windows();
    return new Summary(
        LatencySummary.of(all),
        LatencySummary.of(swap.whole()),
        LatencySummary.of(control.whole()),
        new Bootstrap(0.99).difference(swaps, controls),
        stallCount,
        List.copyOf(stalls));
  }

  /**
   * Latencies as a whole and by kind of window.
   *
   * @param p99Difference p99 in swap windows minus p99 in control windows
   * @param stallCount answers later than the stall limit
   * @param stalls the first thousand of them
   */
  public record Summary(
      LatencySummary all,
      LatencySummary swap,
      LatencySummary control,
      Difference p99Difference,
      long stallCount,
      List<Stall> stalls) {}

  /** An answer that came late. */
  public record Stall(int connection, long doneNanos, long micros, boolean inSwapWindow) {}

  private void stall(int connection, long doneNanos, long micros, boolean inSwap) {
    stallCount++;
    if (stalls.size() < MAX_STALLS_KEPT) {
      stalls.add(new Stall(connection, doneNanos, micros, inSwap));
    }
  }

  private Slot slot(WindowKind kind) {
    return switch (kind) {
      case SWAP -> swap;
      case CONTROL -> control;
    };
  }

  /**
   * The windows of one kind; the last one stays writable until the next begins, for answers that
   * come late.
   */
  private static final class Slot {
    private final List<WindowCounts> finished = new ArrayList<>();
    private final Histogram current = new Histogram(1, MAX_MICROS, 2);
    private final Histogram total = new Histogram(1, MAX_MICROS, 3);
    private boolean used;
    private long from;
    private long to;

    void begin(long nanos) {
      if (current.getTotalCount() > 0) {
        finished.add(WindowCounts.of(current));
        total.add(current);
        current.reset();
      }
      used = true;
      from = nanos;
      to = Long.MAX_VALUE;
    }

    boolean overlaps(long start, long end) {
      return used && end - from >= 0 && (to == Long.MAX_VALUE || start - to <= 0);
    }

    boolean contains(long start, long end) {
      return used && start - from >= 0 && (to == Long.MAX_VALUE || end - to <= 0);
    }

    List<WindowCounts> windows() {
      List<WindowCounts> windows = new ArrayList<>(finished);
      if (current.getTotalCount() > 0) {
        windows.add(WindowCounts.of(current));
      }
      return windows;
    }

    Histogram whole() {
      Histogram whole = total.copy();
      whole.add(current);
      return whole;
    }
  }
}
