package dev.osprey.load;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The latencies of one window, kept sparsely: a value in microseconds and how often it came. */
final class WindowCounts {
  private final long[] values;
  private final long[] counts;

  private WindowCounts(long[] values, long[] counts) {
    this.values = values;
    this.counts = counts;
  }

  static WindowCounts of(Histogram histogram) {
    long[] values = new long[64];
    long[] counts = new long[64];
    int size = 0;
    for (HistogramIterationValue step : histogram.recordedValues()) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
        counts = Arrays.copyOf(counts, size * 2);
      }
      values[size] = step.getValueIteratedTo();
      counts[size++] = step.getCountAddedInThisIterationStep();
    }
    return new WindowCounts(Arrays.copyOf(values, size), Arrays.copyOf(counts, size));
  }

  /** The values in ascending order; lent, not to be changed. */
  long[] values() {
    return values;
  }

  /** How often each value came; lent, not to be changed. */
  long[] counts() {
    return counts;
  }
}
