package dev.osprey.host.health;

import dev.osprey.host.plan.HealthPlan;
import org.jspecify.annotations.Nullable;

/** What is known of an endpoint. Written by the strand that checks, read by all. */
public final class EndpointHealth {
  private volatile boolean healthy;
  private volatile String state = "not checked yet";
  private int inARow;
  private boolean known;

  /** True once it was found well, until it failed often enough. */
  public boolean isHealthy() {
    return healthy;
  }

  /** For people. */
  public String state() {
    return state;
  }

  /** False before the first probe is over. */
  boolean isKnown() {
    return known;
  }

  /** True when more probes like the last will change its health. */
  boolean isOnEdge() {
    return inARow > 0;
  }

  /**
   * A probe is over. The first one decides at once, and so does an endpoint that says itself that
   * it is not well.
   *
   * @param fault null when all was well
   * @param said true when the fault is in the endpoint's own answer
   * @return true when that is news
   */
  boolean probed(@Nullable String fault, boolean said, HealthPlan plan) {
    boolean well = fault == null;
    boolean atOnce = !known || (said && !well);
    inARow = well == healthy ? 0 : inARow + 1;
    boolean changes =
        inARow > 0
            && (atOnce || inARow >= (well ? plan.healthyThreshold() : plan.unhealthyThreshold()));
    boolean news = changes || (!known && !well);
    if (changes) {
      inARow = 0;
      healthy = well;
    }
    if (news || healthy) {
      state = healthy ? (well ? "healthy" : "failing: " + fault) : "unhealthy: " + fault;
    }
    known = true;
    return news;
  }
}
