package dev.osprey.host.health;

import dev.osprey.host.plan.HealthPlan;
import org.jspecify.annotations.Nullable;

/** What is known of an endpoint. Written by the strand that checks, read by all. */
public final class EndpointHealth {
  private volatile boolean healthy = true;
  private volatile @Nullable String state;
  private int inARow;
  private boolean known;

  /** False once it failed often enough; one that was not checked yet counts as healthy. */
  public boolean isHealthy() {
    return healthy;
  }

  /** For people. */
  public String state() {
    String said = state;
    return said == null ? "not checked yet" : said;
  }

  /**
   * A probe is over.
   *
   * @param fault null when all was well
   * @return true when the endpoint's health has changed with that
   */
  boolean probed(@Nullable String fault, HealthPlan plan) {
    boolean well = fault == null;
    inARow = well == healthy ? 0 : inARow + 1;
    // The first good answer is enough: nothing was wrong yet.
    int enough = well ? plan.healthyThreshold() : plan.unhealthyThreshold();
    boolean changes = inARow >= enough;
    if (changes) {
      inARow = 0;
      healthy = well;
    }
    if (changes || !known || healthy) {
      state = healthy ? (well ? "healthy" : "failing: " + fault) : "unhealthy: " + fault;
    }
    known = true;
    return changes;
  }
}
