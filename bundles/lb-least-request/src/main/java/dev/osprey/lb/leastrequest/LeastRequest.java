package dev.osprey.lb.leastrequest;

import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.lb.Weights;

/**
 * Of a few endpoints drawn by weight, the one with the least open in proportion to its weight; the
 * first drawn where that is the same. So idle endpoints share the load by their weights alone.
 */
record LeastRequest(Weights weights, int choices) implements LoadBalancer {
  private static final int SPREAD = 0x9E37_79B9;

  static LoadBalancer over(Weights weights, LeastRequestConfig config) {
    return config.scansAll()
        ? (state, random) -> ofAll(weights, state, random)
        : new LeastRequest(weights, config.choices());
  }

  @Override
  public int pick(LoadState state, int random) {
    int best = weights.at(random);
    for (int i = 1; i < choices; i++) {
      int other = weights.at(mixed(random + i * SPREAD));
      if (isLess(weights, state, other, best)) {
        best = other;
      }
    }
    return best;
  }

  private static int ofAll(Weights weights, LoadState state, int random) {
    int size = weights.size();
    int best = weights.at(random);
    for (int i = 1; i < size; i++) {
      int other = best + i < size ? best + i : best + i - size;
      if (isLess(weights, state, other, best)) {
        return leastFrom(weights, state, other);
      }
    }
    return best;
  }

  private static int leastFrom(Weights weights, LoadState state, int first) {
    int best = first;
    for (int i = 0; i < weights.size(); i++) {
      if (isLess(weights, state, i, best)) {
        best = i;
      }
    }
    return best;
  }

  private static boolean isLess(Weights weights, LoadState state, int one, int other) {
    return (long) state.active(one) * weights.weight(other)
        < (long) state.active(other) * weights.weight(one);
  }

  /** Further evenly spread numbers out of one (the finalizer of MurmurHash3). */
  private static int mixed(int number) {
    int h = number;
    h = (h ^ h >>> 16) * 0x85EB_CA6B;
    h = (h ^ h >>> 13) * 0xC2B2_AE35;
    return h ^ h >>> 16;
  }
}
