package dev.osprey.host.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often which latency was seen, in microseconds up to an hour, to within 1.6 percent. Written
 * by one strand; read elsewhere a moment late.
 *
 * <p>A row of counts for each power of two, made when it is first needed: what a cluster usually
 * sees lies in a few of them, and there may be thousands of clusters.
 */
final class Latencies {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final long HIGHEST = 3_600_000_000L;
  private static final int BITS = 6;
  private static final int WIDTH = 1 << BITS;
  private static final int ROWS = Long.SIZE - Long.numberOfLeadingZeros(HIGHEST) - BITS + 1;

  private final long[] @Nullable [] rows = new long[ROWS][];
  private volatile long most;

  /** Counts one; on the strand. */
  void record(long micros) {
    long value = Math.clamp(micros, 0, HIGHEST);
    int row = row(value);
    long[] counts = rows[row];
    if (counts == null) {
      counts = new long[WIDTH];
      ROW.setRelease(rows, row, counts);
    }
    int at = (int) (row == 0 ? value : (value >>> (row - 1)) - WIDTH);
    COUNT.setOpaque(counts, at, counts[at] + 1);
    if (value > most) {
      most = value;
    }
  }

  /** The first row counts the values below its width one by one, each other a power of two. */
  private static int row(long value) {
    return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - BITS);
  }

  /** The highest value that is counted in that place. */
  private static long highest(int row, int at) {
    return row == 0 ? at : ((long) (WIDTH + at + 1) << (row - 1)) - 1;
  }

  /** All of them together; empty when nothing was seen. */
  static Optional<Stats.Latency> sum(List<Latencies> parts) {
    long[] counts = new long[parts.isEmpty() ? 0 : ROWS * WIDTH];
    long total = 0;
    long most = 0;
    for (Latencies part : parts) {
      total += part.addTo(counts);
      most = Math.max(most, part.most);
    }
    return total == 0 ? Optional.empty() : Optional.of(latency(counts, total, most));
  }

  private long addTo(long[] counts) {
    long total = 0;
    for (int row = 0; row < ROWS; row++) {
      long[] mine = (long[]) ROW.getAcquire(rows, row);
      for (int at = 0; mine != null && at < WIDTH; at++) {
        long count = (long) COUNT.getOpaque(mine, at);
        counts[row * WIDTH + at] += count;
        total += count;
      }
    }
    return total;
  }

  private static Stats.Latency latency(long[] counts, long total, long most) {
    return new Stats.Latency(
        total,
        percentile(counts, total, most, 0.5),
        percentile(counts, total, most, 0.9),
        percentile(counts, total, most, 0.99),
        percentile(counts, total, most, 0.999),
        most);
  }

  /** What that share of all does not exceed. */
  private static long percentile(long[] counts, long total, long most, double share) {
    long wanted = (long) Math.ceil(total * share);
    int at = 0;
    for (long seen = counts[0]; seen < wanted; seen += counts[at]) {
      at++;
    }
    return Math.min(most, highest(at / WIDTH, at % WIDTH));
  }
}
