package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import java.util.List;
import java.util.stream.Stream;

/** What a route does. */
sealed interface Action permits Action.Fixed, Action.Weighted, Redirect {
  RouteDecision decide(RequestHead head, int random);

  /** False when it makes another path out of the request's. */
  boolean keepsPath();

  /** What it may decide, as far as that is known beforehand. */
  List<RouteDecision> decisions();

  private static boolean keepsPath(RouteDecision decision) {
    return !(decision instanceof RouteDecision.Forward forward
        && forward.rewrite() != null
        && forward.rewrite().prefix() != null);
  }

  /** The same for every request. */
  record Fixed(RouteDecision decision) implements Action {
    @Override
    public RouteDecision decide(RequestHead head, int random) {
      return decision;
    }

    @Override
    public boolean keepsPath() {
      return Action.keepsPath(decision);
    }

    @Override
    public List<RouteDecision> decisions() {
      return List.of(decision);
    }
  }

  /**
   * One of several, by weight.
   *
   * @param choices what it may decide
   * @param ends where each choice ends on a line from 0 to the sum of all weights
   */
  record Weighted(RouteDecision[] choices, long[] ends) implements Action {
    @Override
    public RouteDecision decide(RequestHead head, int random) {
      // Both factors are below 2^32, so the product is exact as an unsigned number.
      long point = (Integer.toUnsignedLong(random) * ends[ends.length - 1]) >>> 32;
      int least = 0;
      int most = ends.length - 1;
      while (least < most) {
        int middle = (least + most) >>> 1;
        if (point < ends[middle]) {
          most = middle;
        } else {
          least = middle + 1;
        }
      }
      return choices[least];
    }

    @Override
    public boolean keepsPath() {
      return Stream.of(choices).allMatch(Action::keepsPath);
    }

    @Override
    public List<RouteDecision> decisions() {
      return List.of(choices);
    }
  }
}
