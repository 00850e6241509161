package dev.osprey.load;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Resamples whole windows, because requests inside one window are not independent of each other.
 */
final class Bootstrap {
  private static final int ROUNDS = 1000;
  private final SplittableRandom random = new SplittableRandom(42);
  private final double quantile;

  Bootstrap(double quantile) {
    this.quantile = quantile;
  }

  /** The quantile of {@code left} minus that of {@code right}; all zero if one of them is empty. */
  Difference difference(List<WindowCounts> left, List<WindowCounts> right) {
    int windows = Math.min(left.size(), right.size());
    if (windows == 0) {
      return new Difference(0, 0, 0, 0);
    }
    Sample one = new Sample(left);
    Sample other = new Sample(right);
    double[] differences = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      differences[i] = one.resampled() - other.resampled();
    }
    Arrays.sort(differences);
    double low = differences[(int) (ROUNDS * 0.025)];
    double high = differences[(int) (ROUNDS * 0.975)];
    return new Difference(one.whole() - other.whole(), low, high, windows);
  }

  /** Windows over one common list of values, so that adding windows up is adding arrays. */
  private final class Sample {
    private final long[] values;
    private final int[][] slots;
    private final List<WindowCounts> windows;
    private final long[] sums;

    Sample(List<WindowCounts> windows) {
      this.windows = windows;
      values =
          windows.stream()
              .flatMapToLong(w -> LongStream.of(w.values()))
              .sorted()
              .distinct()
              .toArray();
      slots = new int[windows.size()][];
      for (int i = 0; i < slots.length; i++) {
        slots[i] =
            LongStream.of(windows.get(i).values())
                .mapToInt(v -> Arrays.binarySearch(values, v))
                .toArray();
      }
      sums = new long[values.length];
    }

    long whole() {
      Arrays.fill(sums, 0);
      for (int i = 0; i < slots.length; i++) {
        add(i);
      }
      return quantileOfSums();
    }

    long resampled() {
      Arrays.fill(sums, 0);
      for (int i = 0; i < slots.length; i++) {
        add(random.nextInt(slots.length));
      }
      return quantileOfSums();
    }

    private void add(int window) {
      long[] counts = windows.get(window).counts();
      int[] slot = slots[window];
      for (int i = 0; i < slot.length; i++) {
        sums[slot[i]] += counts[i];
      }
    }

    private long quantileOfSums() {
      long total = LongStream.of(sums).sum();
      long wanted = (long) Math.ceil(total * quantile);
      long seen = 0;
      for (int i = 0; i < sums.length; i++) {
        seen += sums[i];
        if (seen >= wanted && seen > 0) {
          return values[i];
        }
      }
      return 0;
    }
  }
}
