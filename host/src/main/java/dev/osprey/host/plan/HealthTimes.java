package dev.osprey.host.plan;

import java.time.Duration;

/**
 * When an endpoint is asked how it is. Intervals count from the end of a probe.
 *
 * @param timeout for one probe, connecting included
 * @param interval after a good probe of a healthy endpoint
 * @param unhealthyInterval after a failed probe of an unhealthy one
 * @param unhealthyEdge after a failed probe of an endpoint that still counts as healthy
 * @param healthyEdge after a good probe of one that still counts as unhealthy
 * @param initialJitter the first probe waits at random up to that
 * @param jitter each interval is longer at random by up to that
 * @param jitterPercent and by up to so much of itself
 */
public record HealthTimes(
    Duration timeout,
    Duration interval,
    Duration unhealthyInterval,
    Duration unhealthyEdge,
    Duration healthyEdge,
    Duration initialJitter,
    Duration jitter,
    int jitterPercent) {

  /** Times without jitter, whatever the state of an endpoint. */
  public static HealthTimes every(Duration interval, Duration timeout) {
    Duration none = Duration.ZERO;
    return new HealthTimes(timeout, interval, interval, interval, interval, none, none, 0);
  }

  /**
   * Nanoseconds to the next probe.
   *
   * @param well how the last one was
   * @param edge true when the endpoint's health would change with more of the kind
   * @param chance from 0 to 1, for the jitter
   */
  public long next(boolean well, boolean edge, double chance) {
    Duration usual = well ? interval : unhealthyInterval;
    Duration early = well ? healthyEdge : unhealthyEdge;
    long nanos = (edge ? early : usual).toNanos();
    return nanos + (long) (chance * (nanos / 100.0 * jitterPercent + jitter.toNanos()));
  }
}
