package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.message.Reset;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one endpoint under one codec, and the exchanges that wait for one.
 * The last connection given back is the first to be used again; of those that many streams share
 * one is filled before the next is used.
 */
final class Pool {
  private final Worker worker;
  private final ClusterState cluster;
  private final InetSocketAddress endpoint;
  private final String slotName;
  private final IdleList idle = new IdleList();
  private final List<Upstream> all = new ArrayList<>();
  private final LinkedHashSet<Attempts> pending = new LinkedHashSet<>();

  /** Connects under way, and connections whose peer has not said yet what it takes. */
  private int connecting;

  /** The streams that the last connection turned out to take. */
  private int usualStreams = Integer.MAX_VALUE;

  private boolean retired;

  Pool(Worker worker, ClusterState cluster, InetSocketAddress endpoint, String slotName) {
    this.worker = worker;
    this.cluster = cluster;
    this.endpoint = endpoint;
    this.slotName = slotName;
  }

  InetSocketAddress endpoint() {
    return endpoint;
  }

  String slotName() {
    return slotName;
  }

  ClusterState cluster() {
    return cluster;
  }

  Tally tally() {
    return cluster.tally();
  }

  /** Time to make a connection, in nanoseconds; zero: any. */
  long connectNanos() {
    return cluster.connectNanos();
  }

  /** How long a connection waits for a request, in nanoseconds; zero: for ever. */
  long idleNanos() {
    return cluster.idleNanos();
  }

  /** Gives the exchange a connection, now or when there is one. */
  void acquire(Attempts exchange) {
    Upstream ready = takeVacant();
    if (ready != null) {
      exchange.ready(ready);
      return;
    }
    if ((!isShared() || missing(pending.size() + 1) > 0) && cluster.mayConnect()) {
      enqueue(exchange);
      connect();
    } else if (cluster.mayWait()) {
      enqueue(exchange);
      if (isStarved()) {
        cluster.starves(this);
      }
    } else {
      tally().count(Tally.Metric.RQ_OVERFLOW);
      exchange.overflow();
    }
  }

  /** How many connections are to be made, on top of those on their way, for so many that wait. */
  private int missing(int waiting) {
    if (!isShared()) {
      return Math.max(0, waiting - connecting);
    }
    if (usualStreams == 0 && !all.isEmpty()) {
      // Another connection would take as little; those that are there say when they take more.
      return 0;
    }
    int each = Math.max(1, usualStreams);
    return Math.max(0, (waiting - 1) / each + 1 - connecting);
  }

  /** True when one connection will serve several of those that wait. */
  private boolean isShared() {
    Slot<CodecPlan> slot = worker.loop().generation().codec(slotName);
    if (slot == null) {
      return false;
    }
    return CodecFence.isMultiplexed(slot.main());
  }

  /** True when somebody waits here and no connection of this pool will ever come by. */
  boolean isStarved() {
    return !pending.isEmpty() && all.isEmpty() && connecting == 0 && !retired;
  }

  /** Lets the connection go that was idle for longest, for the sake of another pool. */
  boolean giveUpOne() {
    Upstream oldest = idle.last();
    if (oldest == null) {
      return false;
    }
    oldest.retire();
    return true;
  }

  private void enqueue(Attempts exchange) {
    if (pending.add(exchange)) {
      cluster.waiting(1);
      exchange.waitsIn(this);
    }
  }

  private @Nullable Attempts dequeue() {
    if (pending.isEmpty()) {
      return null;
    }
    cluster.waiting(-1);
    return pending.removeFirst();
  }

  /** The exchange does not wait here any more, if it did. */
  void forget(Attempts exchange) {
    if (pending.remove(exchange)) {
      cluster.waiting(-1);
    }
  }

  int idleCount() {
    return idle.size();
  }

  // One that many share stays in front until it is full, so that what is sent together leaves
  // together; it says itself when it has room again.
  private @Nullable Upstream takeVacant() {
    for (Upstream next = idle.first(); next != null; next = idle.first()) {
      boolean vacant = next.hasVacancy();
      if (!vacant || !next.isMultiplexed()) {
        idle.remove(next);
      }
      if (vacant) {
        return next;
      }
    }
    return null;
  }

  /** A connection can take a stream. */
  void vacant(Upstream connection) {
    if (connection.hasServed() && cluster.isStarved()) {
      connection.retire();
      return;
    }
    Attempts next = connection.hasVacancy() ? dequeue() : null;
    while (next != null) {
      next.ready(connection);
      next = connection.hasVacancy() ? dequeue() : null;
    }
    if (connection.hasVacancy() && !connection.isIdle()) {
      if (cluster.isStarved()) {
        connection.retire();
      } else if (connection.isMultiplexed()) {
        // It is new or was full: behind those that have had room all the time.
        idle.addLast(connection);
      } else {
        idle.addFirst(connection);
      }
    }
  }

  /** A connection's peer has said what it takes. */
  void ready(Upstream connection) {
    connecting--;
    usualStreams = connection.capacity();
    vacant(connection);
    connectForPending();
  }

  /** A connection takes no more streams. */
  void left(Upstream connection) {
    idle.remove(connection);
  }

  /** A connection is gone. */
  void closed(Upstream connection, String why) {
    left(connection);
    remove(connection);
    cluster.disconnected();
    if (!connection.isReady()) {
      connecting--;
      tally().count(Tally.Metric.CX_CONNECT_FAIL);
      failOne(why);
    }
    connectForPending();
  }

  private void add(Upstream connection) {
    connection.poolPlace(all.size());
    all.add(connection);
  }

  private void remove(Upstream connection) {
    Upstream last = all.removeLast();
    int place = connection.poolPlace();
    if (place < all.size()) {
      all.set(place, last);
      last.poolPlace(place);
    }
  }

  void connectForPending() {
    int missing = retired || pending.isEmpty() ? 0 : missing(pending.size());
    // Without a codec, and when a connect fails at once, fewer are left to wait.
    for (int i = 0; i < missing && !pending.isEmpty(); i++) {
      if (!cluster.mayConnect()) {
        if (isStarved()) {
          cluster.starves(this);
        }
        return;
      }
      connect();
    }
  }

  private void connect() {
    Slot<CodecPlan> slot = worker.loop().generation().codec(slotName);
    if (slot == null) {
      failOne("no codec for this cluster");
      return;
    }
    connecting++;
    cluster.connecting();
    worker
        .connector()
        .connect(
            worker.loop(),
            endpoint,
            cluster.plan().connectTimeout(),
            cluster.plan().bufferLimitBytes(),
            new Greeting(),
            new Outcome());
  }

  private void failOne(String why) {
    Attempts first = dequeue();
    if (first != null) {
      first.connectFailed(why);
    }
  }

  /** No exchange will come any more; what is open may end, who waits goes elsewhere. */
  void retire() {
    retired = true;
    List.copyOf(all).forEach(Upstream::retire);
    for (Attempts next = dequeue(); next != null; next = dequeue()) {
      next.endpointGone();
    }
  }

  /** What becomes of an attempt to connect. */
  private final class Outcome implements dev.osprey.host.stream.Connector.Outcome {
    @Override
    public void connected(Wire wire) {
      Slot<CodecPlan> slot = worker.loop().generation().codec(slotName);
      if (slot == null || retired) {
        connecting--;
        cluster.disconnected();
        wire.abort(Reset.byHost(Reset.Reason.CANCELLED, "no longer wanted"));
        failOne("no codec for this cluster");
        return;
      }
      Upstream fresh = new Upstream(worker, Pool.this, wire, slot.pick(worker.loop().random()));
      add(fresh);
      fresh.begin();
    }

    @Override
    public void failed(String why) {
      connecting--;
      cluster.connectFailed();
      failOne(why);
      connectForPending();
    }
  }

  /** Owns a wire until its connection is there; nothing can come of it before. */
  private static final class Greeting implements WireOwner {
    @Override
    public void bytes() {}

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {}
  }
}
