package dev.osprey.spi.lb;

import java.util.Arrays;

/** The weights of a cluster's endpoints, in the cluster's order. Immutable. */
public final class Weights {
  private final int[] weights;
  private final long[] sums;
  private final boolean equal;

  private Weights(int[] weights) {
    this.weights = weights;
    this.sums = new long[weights.length];
    long sum = 0;
    boolean same = true;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      sums[i] = sum;
      same &= weights[i] == weights[0];
    }
    this.equal = same;
  }

  /**
   * These weights.
   *
   * @param weights one for each endpoint, 1 or more; at least one
   */
  public static Weights of(int... weights) {
    if (weights.length == 0 || Arrays.stream(weights).anyMatch(weight -> weight < 1)) {
      throw new IllegalArgumentException("weights " + Arrays.toString(weights));
    }
    return new Weights(weights.clone());
  }

  /** How many endpoints there are. */
  public int size() {
    return weights.length;
  }

  /** The weight of one. */
  public int weight(int endpoint) {
    return weights[endpoint];
  }

  /** All weights together. */
  public long total() {
    return sums[sums.length - 1];
  }

  /** True when all are the same. */
  public boolean areEqual() {
    return equal;
  }

  /**
   * An endpoint by weight: over all ints each comes as often as its weight says. Makes no objects.
   *
   * @param random any number, evenly spread over all ints
   */
  public int at(int random) {
    if (equal) {
      return (int) (((random & 0xFFFF_FFFFL) * weights.length) >>> 32);
    }
    long point = Math.unsignedMultiplyHigh((long) random << 32, total());
    int low = 0;
    int high = sums.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] > point) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
