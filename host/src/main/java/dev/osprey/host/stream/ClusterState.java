package dev.osprey.host.stream;

import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.codec.CodecPlan;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A cluster on one loop: its pools, whose turn it is, and how much is open. */
public final class ClusterState {
  private final Worker worker;
  private final Tally tally;
  private final List<Pool> pools = new ArrayList<>();
  private ClusterPlan plan;
  private int turn;
  private int connections;
  private int requests;

  ClusterState(Worker worker, ClusterPlan plan) {
    this.worker = worker;
    this.plan = plan;
    this.tally = worker.stats().tally("cluster." + plan.name());
    this.turn = worker.loop().random() >>> 1;
  }

  /** Its plan in the current generation. */
  public ClusterPlan plan() {
    return plan;
  }

  Tally tally() {
    return tally;
  }

  /** Takes over a new plan; endpoints that are gone end politely. */
  void adopt(ClusterPlan next) {
    plan = next;
    pools.removeIf(pool -> {
      boolean gone = !next.endpoints().contains(pool.endpoint());
      if (gone) {
        pool.retire();
      }
      return gone;
    });
  }

  void retire() {
    pools.forEach(Pool::retire);
    pools.clear();
  }

  /** The endpoint whose turn it is (round robin). */
  public InetSocketAddress nextEndpoint() {
    List<InetSocketAddress> endpoints = plan.endpoints();
    turn = turn + 1 & Integer.MAX_VALUE;
    return endpoints.get(turn % endpoints.size());
  }

  /** Counts a request in, unless there are too many. */
  boolean admit() {
    if (requests >= worker.share(plan.maxRequests())) {
      tally.count(Tally.Metric.RQ_OVERFLOW);
      return false;
    }
    requests++;
    tally.count(Tally.Metric.RQ_TOTAL);
    tally.count(Tally.Metric.RQ_ACTIVE);
    return true;
  }

  void finished(long nanos, int status) {
    requests--;
    tally.add(Tally.Metric.RQ_ACTIVE, -1);
    tally.latency(nanos);
    tally.status(status);
  }

  void acquire(Exchange exchange, String callersSlot) {
    Slot<CodecPlan> own = plan.codec();
    pool(nextEndpoint(), own == null ? callersSlot : own.name()).acquire(exchange);
  }

  void forget(Exchange exchange) {
    for (Pool pool : pools) {
      if (pool.forget(exchange)) {
        return;
      }
    }
  }

  private Pool pool(InetSocketAddress endpoint, String slotName) {
    for (int i = 0; i < pools.size(); i++) {
      Pool pool = pools.get(i);
      if (pool.endpoint().equals(endpoint) && pool.slotName().equals(slotName)) {
        return pool;
      }
    }
    Pool fresh = new Pool(worker, this, endpoint, slotName);
    pools.add(fresh);
    return fresh;
  }

  /** True when another connection is within the limit. */
  public boolean mayConnect() {
    boolean may = connections < worker.share(plan.maxConnections());
    if (!may) {
      tally.count(Tally.Metric.CX_OVERFLOW);
    }
    return may;
  }

  boolean mayWait() {
    int pending = 0;
    for (int i = 0; i < pools.size(); i++) {
      pending += pools.get(i).pendingCount();
    }
    return pending < worker.share(plan.maxPendingRequests());
  }

  /** A connection is being made. */
  public void connecting() {
    connections++;
    tally.count(Tally.Metric.CX_TOTAL);
    tally.count(Tally.Metric.CX_ACTIVE);
  }

  /** A connection is gone. */
  public void disconnected() {
    connections--;
    tally.add(Tally.Metric.CX_ACTIVE, -1);
  }

  /** A connection could not be made. */
  public void connectFailed() {
    disconnected();
    tally.count(Tally.Metric.CX_CONNECT_FAIL);
  }

  /** Open connections, idle connections, waiting requests and open requests. */
  public int[] counts() {
    int idle = pools.stream().mapToInt(Pool::idleCount).sum();
    int pending = pools.stream().mapToInt(Pool::pendingCount).sum();
    return new int[] {connections, idle, pending, requests};
  }
}
