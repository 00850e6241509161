package dev.osprey.lb.roundrobin;

import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.lb.Weights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A round through the endpoints, worked out beforehand: each comes as often as its weight says. */
record RoundRobin(int[] round) implements LoadBalancer {
  /** Longer rounds are shortened, which keeps shares to about 0.002 %. */
  private static final int MOST = 1 << 16;

  /** A visit in a round, at an even distance from the endpoint's next. */
  private record Visit(double when, int endpoint) {}

  static LoadBalancer over(Weights weights) {
    if (weights.areEqual()) {
      int size = weights.size();
      return (state, random) -> Math.floorMod(state.turn(), size);
    }
    double divisor = divisor(weights);
    double shrink = Math.min(1.0, MOST / (weights.total() / divisor));
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      long times = Math.max(1, Math.round(weights.weight(i) / divisor * shrink));
      for (int k = 0; k < times; k++) {
        visits.add(new Visit((k + 0.5) / times, i));
      }
    }
    visits.sort(Comparator.comparingDouble(Visit::when).thenComparingInt(Visit::endpoint));
    return new RoundRobin(visits.stream().mapToInt(Visit::endpoint).toArray());
  }

  private static long divisor(Weights weights) {
    long divisor = weights.weight(0);
    for (int i = 1; i < weights.size(); i++) {
      long other = weights.weight(i);
      while (other != 0) {
        long rest = divisor % other;
        divisor = other;
        other = rest;
      }
    }
    return divisor;
  }

  @Override
  public int pick(LoadState state, int random) {
    return round[Math.floorMod(state.turn(), round.length)];
  }
}
