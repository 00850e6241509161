package dev.osprey.host.stream;

import org.jspecify.annotations.Nullable;

/** Where an exchange is sent: its cluster, the endpoint of the current attempt, how many before. */
final class Attempts {
  private static final int MOST = 3;

  private @Nullable ClusterState cluster;
  private @Nullable Endpoint endpoint;
  private int count;
  private boolean waiting;

  /** Takes the exchange into a cluster, unless that has too many. */
  boolean admit(ClusterState target) {
    boolean admitted = target.admit();
    if (admitted) {
      cluster = target;
    }
    return admitted;
  }

  /**
   * The next attempt.
   *
   * @param elsewhere true when it should not go to the endpoint of the last one
   * @return false when there is no endpoint to try
   */
  boolean next(Exchange exchange, String slotName, boolean elsewhere) {
    ClusterState target = cluster;
    Endpoint last = endpoint;
    Endpoint chosen = target == null ? null : target.nextEndpoint(elsewhere ? last : null);
    endpoint = chosen;
    if (last != null) {
      last.left();
    }
    waiting = chosen != null;
    if (target == null || chosen == null) {
      return false;
    }
    count++;
    target.acquire(exchange, chosen, slotName);
    return true;
  }

  /** What it waited for was taken away before anything was tried there. */
  void notTried() {
    count--;
  }

  /** True until a connection is there. */
  boolean isWaiting() {
    return waiting;
  }

  void waits(boolean still) {
    waiting = still;
  }

  /** True when an attempt that surely did nothing may be made again. */
  boolean mayRetry() {
    return cluster != null && count < MOST;
  }

  /** True when there is an endpoint that was not tried, as far as numbers tell. */
  boolean mayTryAnother() {
    ClusterState target = cluster;
    return target != null && count < Math.min(MOST, target.plan().endpoints().size());
  }

  /** Nobody waits for a connection any more. */
  void forget(Exchange exchange) {
    if (waiting && cluster != null) {
      cluster.forget(exchange);
    }
  }

  /** The exchange is over. */
  void finished(ExchangeRecord log) {
    Endpoint last = endpoint;
    endpoint = null;
    if (last != null) {
      last.left();
    }
    if (cluster != null) {
      cluster.finished(log.durationNanos(), log.status());
    }
  }
}
