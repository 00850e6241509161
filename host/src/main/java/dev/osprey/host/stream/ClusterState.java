package dev.osprey.host.stream;

import dev.osprey.host.fence.PlanFence;
import dev.osprey.host.health.ClusterHealth;
import dev.osprey.host.health.EndpointHealth;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.lb.LoadState;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster on one loop: its endpoints and pools, whose turn it is, and how much is open. */
public final class ClusterState implements LoadState {
  private static final int MOST_PICKS = 16;

  private final Worker worker;
  private final Tally tally;
  private final List<Pool> pools = new ArrayList<>();
  private final Deque<Pool> starved = new ArrayDeque<>();
  private ClusterPlan plan;
  private Endpoint[] endpoints = {};
  private @Nullable ClusterHealth health;
  private int healthSeen;

  /** Some of its endpoints are not checked any more; who checks does not count them. */
  private boolean lags;

  private long connectNanos;
  private long idleNanos;
  private int turn;
  private int connections;
  private int requests;
  private int waiting;

  ClusterState(Worker worker, ClusterPlan plan) {
    this.worker = worker;
    this.plan = plan;
    this.tally = worker.stats().tally("cluster." + plan.name());
    this.turn = worker.loop().random();
    this.endpoints = endpoints(plan);
    readTimes(plan);
    believe(checks(plan));
  }

  /** Its plan in the current generation. */
  public ClusterPlan plan() {
    return plan;
  }

  private void readTimes(ClusterPlan of) {
    connectNanos = StreamOptions.nanos(of.connectTimeout());
    idleNanos = StreamOptions.nanos(of.idleTimeout());
  }

  long connectNanos() {
    return connectNanos;
  }

  long idleNanos() {
    return idleNanos;
  }

  Tally tally() {
    return tally;
  }

  /** Takes over a new plan; endpoints that are gone end politely. */
  @SuppressWarnings("ReferenceEquality") // a plan is carried over as the very same object
  void adopt(ClusterPlan next) {
    if (next == plan) {
      return;
    }
    boolean same = next.endpoints().equals(plan.endpoints());
    plan = next;
    readTimes(next);
    if (!same) {
      Endpoint[] before = endpoints;
      endpoints = endpoints(next);
      retireOthers(before);
    }
    ClusterHealth checked = checks(next);
    if (!same || checked != health || (checked != null && checked.changes() != healthSeen)) {
      believe(checked);
    }
  }

  private void retireOthers(Endpoint[] before) {
    Set<Endpoint> kept = new HashSet<>(List.of(endpoints));
    Set<Pool> retired = new LinkedHashSet<>();
    for (Endpoint endpoint : before) {
      if (!kept.contains(endpoint)) {
        retired.addAll(endpoint.pools());
      }
    }
    pools.removeAll(retired);
    retired.forEach(Pool::retire);
  }

  /** The endpoints of a plan; those that are known already go on with what is open on them. */
  private Endpoint[] endpoints(ClusterPlan next) {
    Map<InetSocketAddress, Endpoint> known = new HashMap<>();
    for (Endpoint endpoint : endpoints) {
      known.put(endpoint.address(), endpoint);
    }
    return next.endpoints().stream()
        .map(address -> known.computeIfAbsent(address, Endpoint::new))
        .toArray(Endpoint[]::new);
  }

  // ---- health

  private @Nullable ClusterHealth checks(ClusterPlan next) {
    return next.health() == null ? null : worker.health().of(next.name());
  }

  /** From now on the endpoints are as well as this says; null: nobody asks them. */
  private void believe(@Nullable ClusterHealth known) {
    health = known;
    healthSeen = known == null ? 0 : known.changes();
    lags = false;
    for (Endpoint endpoint : endpoints) {
      endpoint.health(known == null ? null : known.of(endpoint.address()));
    }
  }

  /**
   * What is known of the endpoints now. The strand that checks may be some generations ahead or
   * behind: what it has made anew counts; of what it has only forgotten, the last word does.
   */
  private @Nullable ClusterHealth health() {
    ClusterHealth known = health;
    if (known == null || known.changes() == healthSeen) {
      return known;
    }
    ClusterHealth current = worker.health().find(plan.name());
    if (current == null) {
      // Nobody checks it from the next generation on; this one goes by what was found out.
      return known;
    }
    health = current;
    healthSeen = current.changes();
    lags = false;
    for (Endpoint endpoint : endpoints) {
      // An endpoint is made known with a plan only: this one may be on its way out.
      EndpointHealth fresh = current.find(endpoint.address());
      if (fresh == null) {
        lags = true;
      } else {
        endpoint.health(fresh);
      }
    }
    return current;
  }

  /** The cluster is gone: what is open may end, what waits is answered. */
  void retire() {
    endpoints = new Endpoint[0];
    List<Pool> all = List.copyOf(pools);
    pools.clear();
    all.forEach(Pool::retire);
  }

  /**
   * The endpoint of the policy's choice, on which one more is open now; whoever asks says when it
   * has {@link Endpoint#left}. Null when the cluster has none (any more).
   *
   * @param failed is not chosen when there is another; null for none
   */
  public @Nullable Endpoint nextEndpoint(@Nullable Endpoint failed) {
    ClusterHealth known = health();
    if (endpoints.length == 0 || (known != null && known.isDown())) {
      return null;
    }
    int index = pick();
    if (known != null && (lags || known.excludesSome())) {
      index = pickHealthy(index, failed);
    } else if (failed != null && endpoints[index].equals(failed)) {
      index = (index + 1) % endpoints.length;
    }
    Endpoint chosen = endpoints[index];
    chosen.entered();
    return chosen;
  }

  // The policy is asked until its choice will do, so that it keeps its shares among the healthy;
  // after a while the next one that will do is taken, the failed one rather than one that is ill.
  private int pickHealthy(int first, @Nullable Endpoint failed) {
    int index = first;
    for (int i = 0; i < MOST_PICKS && !willDo(index, failed); i++) {
      index = pick();
    }
    int other = next(index, failed);
    return other < 0 ? Math.max(0, next(index, null)) : other;
  }

  private int next(int from, @Nullable Endpoint failed) {
    for (int i = 0; i < endpoints.length; i++) {
      int index = (from + i) % endpoints.length;
      if (willDo(index, failed)) {
        return index;
      }
    }
    return -1;
  }

  private boolean willDo(int index, @Nullable Endpoint failed) {
    Endpoint endpoint = endpoints[index];
    return endpoint.isHealthy() && !endpoint.equals(failed);
  }

  private int pick() {
    turn++;
    return PlanFence.pick(plan.balancer(), this, worker.loop().random(), endpoints.length);
  }

  @Override
  public int active(int endpoint) {
    return endpoints[endpoint].active();
  }

  @Override
  public int turn() {
    return turn;
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

  void acquire(Attempts exchange, Endpoint chosen, String usualSlot) {
    Slot<CodecPlan> own = plan.codec();
    pool(chosen, own == null ? usualSlot : own.name()).acquire(exchange);
  }

  private Pool pool(Endpoint endpoint, String slotName) {
    Pool known = endpoint.pool(slotName);
    if (known != null) {
      return known;
    }
    Pool fresh = new Pool(worker, this, endpoint.address(), slotName);
    endpoint.pools().add(fresh);
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

  /**
   * Somebody waits in a pool that has no connection and may make none: another pool's connection
   * has to go, at once if there is an idle one, else the next that becomes free.
   */
  void starves(Pool pool) {
    if (!starved.contains(pool)) {
      starved.add(pool);
    }
    for (int i = 0; i < pools.size(); i++) {
      if (pools.get(i).giveUpOne()) {
        return;
      }
    }
  }

  /** True when another pool waits for a connection to go. */
  boolean isStarved() {
    while (!starved.isEmpty()) {
      if (starved.getFirst().isStarved()) {
        return true;
      }
      starved.removeFirst();
    }
    return false;
  }

  private void feed() {
    while (isStarved() && connections < worker.share(plan.maxConnections())) {
      starved.removeFirst().connectForPending();
    }
  }

  boolean mayWait() {
    return waiting < worker.share(plan.maxPendingRequests());
  }

  /** So many more wait in its pools, or fewer. */
  void waiting(int more) {
    waiting += more;
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
    feed();
  }

  /** A connection could not be made. */
  public void connectFailed() {
    disconnected();
    tally.count(Tally.Metric.CX_CONNECT_FAIL);
  }

  /** Open connections, idle connections, waiting requests and open requests. */
  public int[] counts() {
    int idle = pools.stream().mapToInt(Pool::idleCount).sum();
    return new int[] {connections, idle, waiting, requests};
  }
}
