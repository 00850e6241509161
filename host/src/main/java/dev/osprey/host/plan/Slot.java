package dev.osprey.host.plan;

import org.jspecify.annotations.Nullable;

/**
 * Where a generation keeps a plan; it can hold a second one that takes a share (canary).
 *
 * @param name stays the same from generation to generation, so that running connections find the
 *     plan that succeeds theirs
 * @param main the plan in use
 * @param canary the plan on trial; null when there is none
 * @param canaryShare how many of 10,000 go to the canary
 * @param <P> the plan's spi type
 */
public record Slot<P>(String name, Bound<P> main, @Nullable Bound<P> canary, int canaryShare) {
  /** A slot without a canary. */
  public static <P> Slot<P> of(String name, Bound<P> main) {
    return new Slot<>(name, main, null, 0);
  }

  /** The plan for a new unit of work; {@code random} is evenly spread over all ints. */
  public Bound<P> pick(int random) {
    Bound<P> trial = canary;
    return trial != null && Integer.remainderUnsigned(random, 10_000) < canaryShare ? trial : main;
  }
}
