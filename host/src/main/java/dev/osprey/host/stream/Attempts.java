package dev.osprey.host.stream;

import dev.osprey.spi.message.LocalReply;
import org.jspecify.annotations.Nullable;

/**
 * Where an exchange is sent: its cluster, the endpoint of the current attempt, how many there were
 * before. Waits in the pools in the exchange's place and tells it what came of it.
 */
final class Attempts {
  private static final int MOST = 3;

  private final Exchange exchange;
  private String slotName = "";
  private @Nullable ClusterState cluster;
  private @Nullable Endpoint endpoint;
  private @Nullable Pool pool;
  private int count;
  private boolean waiting;

  Attempts(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Takes the exchange into a cluster, unless that has too many.
   *
   * @param usualSlot the codec's slot when the cluster names none
   */
  boolean admit(ClusterState target, String usualSlot) {
    boolean admitted = target.admit();
    if (admitted) {
      cluster = target;
      slotName = usualSlot;
    }
    return admitted;
  }

  /**
   * The next attempt; the exchange gets a connection or an answer, now or later.
   *
   * @param elsewhere true when it should not go to the endpoint of the last one
   */
  void next(boolean elsewhere) {
    ClusterState target = cluster;
    if (target == null) {
      return;
    }
    Endpoint last = endpoint;
    Endpoint chosen = target.nextEndpoint(elsewhere ? last : null);
    endpoint = chosen;
    if (last != null) {
      last.left();
    }
    waiting = chosen != null;
    if (chosen == null) {
      exchange.reply(Replies.noUpstream(target.plan()));
    } else {
      count++;
      target.acquire(this, chosen, slotName);
    }
  }

  /** True until a connection is there. */
  boolean isWaiting() {
    return waiting;
  }

  /** True when an attempt that surely did nothing may be made again. */
  boolean mayRetry() {
    return cluster != null && count < MOST;
  }

  /** Nobody waits for a connection any more. */
  void forget() {
    if (waiting && pool != null) {
      pool.forget(this);
    }
    waiting = false;
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

  // ---- what a pool tells

  /** It is in the queue of that pool. */
  void waitsIn(Pool queue) {
    pool = queue;
  }

  /** An upstream connection with a vacancy. */
  void ready(Upstream chosen) {
    waiting = false;
    exchange.upstreamReady(chosen);
  }

  /** No connection could be made to the endpoint: another is tried, as far as numbers tell. */
  void connectFailed(String why) {
    ClusterState target = cluster;
    if (target != null && count < Math.min(MOST, target.plan().endpoints().size())) {
      next(true);
    } else {
      waiting = false;
      exchange.reply(LocalReply.of(LocalReply.Kind.CONNECT_FAILURE, why));
    }
  }

  /** The endpoint is no longer in the cluster, before anything was tried there. */
  void endpointGone() {
    count--;
    next(false);
  }

  /** Too many wait already. */
  void overflow() {
    waiting = false;
    exchange.reply(LocalReply.of(LocalReply.Kind.OVERFLOW, "too many pending requests"));
  }
}
