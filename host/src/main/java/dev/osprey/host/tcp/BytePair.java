package dev.osprey.host.tcp;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.fence.TerminalFence;
import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Connection;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.stats.Tally;
import dev.osprey.host.stream.AccessLogging;
import dev.osprey.host.stream.ClusterState;
import dev.osprey.host.stream.Connector;
import dev.osprey.host.stream.Endpoint;
import dev.osprey.host.stream.Worker;
import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminalPlan;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and the upstream connection paired with it, under a byte terminal. The
 * pair, its queues and its back-pressure outlive the terminal's versions.
 */
@SuppressWarnings("ReferenceEquality") // a plan is carried over as the very same object
public final class BytePair
    implements ByteSession, WireOwner, Connection, CodecFence.Owner, Wheel.Expiry {
  private final Worker worker;
  private final long id;
  private final String listener;
  private final Wire downstream;
  private final Tally tally;
  private final Runnable onClosed;
  private final Wheel.Timer timer = new Wheel.Timer(this);
  private final PairRecord log;
  private ByteChain chain;
  private Bound<ByteTerminalPlan> bound;
  private @Nullable TerminalFence terminal;
  private @Nullable Wire upstream;
  private @Nullable ClusterState cluster;
  private @Nullable Endpoint endpoint;
  private boolean connecting;
  private boolean endUpstreamWanted;
  private boolean downstreamEndTold;
  private boolean finished;
  private long idleNanos;
  private long lastActive;
  private int place = -1;

  /** A pair whose client was just accepted. */
  public BytePair(
      Worker worker,
      ListenerPlan plan,
      ByteChain chain,
      Tally tally,
      Function<WireOwner, Wire> channelWire,
      Runnable onClosed) {
    this.worker = worker;
    this.listener = plan.name();
    this.chain = chain;
    this.tally = tally;
    this.onClosed = onClosed;
    this.id = worker.nextConnection();
    this.downstream = channelWire.apply(this);
    this.bound = chain.terminal().pick(worker.loop().random());
    this.lastActive = worker.loop().now();
    this.log = new PairRecord(worker.loop(), id, listener, downstream);
    downstream.reading(false);
    worker.loop().add(this);
    tally.count(Tally.Metric.RQ_TOTAL);
    TerminalFence first = install(null);
    if (first != null) {
      first.opened();
    }
  }

  private @Nullable TerminalFence install(@Nullable StateRecord record) {
    TerminalFence made = TerminalFence.around(bound, record, this, this);
    terminal = made;
    if (made != null) {
      bound.extension().lease(worker.loop().index());
    }
    return made;
  }

  private void letGo() {
    if (terminal != null) {
      terminal = null;
      bound.extension().release(worker.loop().index());
    }
  }

  // ---- the client's wire

  @Override
  public void bytes() {
    active();
    TerminalFence current = terminal;
    if (upstream == null || current == null) {
      // Comes before the upstream is there; read when it is.
      return;
    }
    ByteBuf data = downstream.takeUnread();
    if (data != null) {
      log.received(data.readableBytes());
      current.fromDownstream(data);
    }
  }

  @Override
  public void inputEnded() {
    if (upstream == null || downstream.hasUnread()) {
      return;
    }
    tellDownstreamEnd();
  }

  private void tellDownstreamEnd() {
    if (!downstreamEndTold && terminal != null) {
      downstreamEndTold = true;
      terminal.downstreamEnded();
    }
  }

  @Override
  public void writable() {
    if (upstream != null) {
      upstream.reading(true);
    }
  }

  @Override
  public void closed(Reset why) {
    finish(why);
    if (upstream != null) {
      end(upstream, downstream.isBroken(), why);
    }
  }

  /** An end is passed on as it came: a reset as a reset, so that what was cut looks cut. */
  private static void end(Wire other, boolean broken, Reset why) {
    if (broken) {
      other.reset(why);
    } else {
      other.closeAfterFlush(why);
    }
  }

  // ---- the upstream's wire

  private final class Far implements WireOwner {
    @Override
    public void bytes() {
      active();
      Wire source = upstream;
      TerminalFence current = terminal;
      ByteBuf data = source == null ? null : source.takeUnread();
      if (data == null) {
        return;
      }
      if (current == null) {
        data.release();
        return;
      }
      log.sent(data.readableBytes());
      current.fromUpstream(data);
    }

    @Override
    public void inputEnded() {
      if (terminal != null) {
        terminal.upstreamEnded();
      }
    }

    @Override
    public void writable() {
      downstream.reading(true);
    }

    @Override
    public void closed(Reset why) {
      if (cluster != null) {
        cluster.disconnected();
        leaveEndpoint();
      }
      end(
          downstream,
          upstream != null && upstream.isBroken(),
          why.source() == Reset.Source.HOST ? Reset.byUpstream(why.reason(), why.detail()) : why);
    }
  }

  // ---- the session

  @Override
  public void connect(ClusterRef wanted) {
    if (connecting || upstream != null || finished) {
      return;
    }
    ClusterState target = worker.clusters().find(wanted);
    if (target == null) {
      later(noEndpoint(wanted));
      return;
    }
    if (!target.mayConnect()) {
      later(Reset.byHost(Reset.Reason.OVERFLOW, "too many connections to " + wanted.name()));
      return;
    }
    Endpoint chosen = target.nextEndpoint(null);
    if (chosen == null) {
      later(target.plan().endpoints().isEmpty() ? noEndpoint(wanted) : noneHealthy(wanted));
      return;
    }
    connecting = true;
    cluster = target;
    target.connecting();
    endpoint = chosen;
    log.upstream(chosen.address(), wanted.name());
    worker
        .connector()
        .connect(
            worker.loop(),
            chosen.address(),
            target.plan().connectTimeout(),
            target.plan().bufferLimitBytes(),
            new Far(),
            new Outcome(target));
  }

  private static Reset noEndpoint(ClusterRef wanted) {
    return Reset.byHost(Reset.Reason.CONNECT_FAILURE, "no endpoint in " + wanted.name());
  }

  private static Reset noneHealthy(ClusterRef wanted) {
    String detail = "no healthy endpoint in " + wanted.name();
    return Reset.byHost(Reset.Reason.CONNECT_FAILURE, detail);
  }

  private void leaveEndpoint() {
    Endpoint before = endpoint;
    endpoint = null;
    if (before != null) {
      before.left();
    }
  }

  // The terminal is told later, not from inside its own call.
  private void later(Reset why) {
    worker.loop().execute(() -> tellConnectFailed(why));
  }

  private void tellConnectFailed(Reset why) {
    if (!finished && terminal != null) {
      terminal.connectFailed(why);
    }
  }

  private final class Outcome implements Connector.Outcome {
    private final ClusterState target;

    Outcome(ClusterState target) {
      this.target = target;
    }

    @Override
    public void connected(Wire wire) {
      connecting = false;
      upstream = wire;
      if (finished) {
        wire.abort(Reset.byDownstream(Reset.Reason.CANCELLED, "client is gone"));
        return;
      }
      TerminalFence current = terminal;
      if (current != null) {
        current.connected();
      }
      if (endUpstreamWanted) {
        wire.endOutput();
      }
      downstream.reading(true);
      bytes();
      if (downstream.isInputEnded()) {
        tellDownstreamEnd();
      }
    }

    @Override
    public void failed(String why) {
      connecting = false;
      target.connectFailed();
      cluster = null;
      leaveEndpoint();
      tellConnectFailed(Reset.byUpstream(Reset.Reason.CONNECT_FAILURE, why));
    }
  }

  @Override
  public void toUpstream(@Owned ByteBuf data) {
    Wire target = upstream;
    if (target == null) {
      data.release();
      return;
    }
    target.write(data);
    if (!target.isWritable()) {
      downstream.reading(false);
    }
  }

  @Override
  public void toDownstream(@Owned ByteBuf data) {
    downstream.write(data);
    if (!downstream.isWritable() && upstream != null) {
      upstream.reading(false);
    }
  }

  @Override
  public void endUpstream() {
    if (upstream == null) {
      endUpstreamWanted = true;
    } else {
      upstream.endOutput();
    }
  }

  @Override
  public void endDownstream() {
    downstream.endOutput();
  }

  @Override
  public void close(Reset why) {
    log.reset(why);
    if (upstream != null) {
      upstream.closeAfterFlush(why);
    }
    downstream.closeAfterFlush(why);
  }

  @Override
  public void idleTimeout(Duration timeout) {
    idleNanos = timeout.toNanos();
    arm();
  }

  @Override
  public SocketAddress peer() {
    return downstream.peer();
  }

  // ---- time and end

  private void active() {
    lastActive = worker.loop().now();
  }

  private void arm() {
    long deadline = idleNanos == 0 ? NEVER : lastActive + idleNanos;
    worker.loop().wheel().ensure(timer, deadline, worker.loop().now());
  }

  @Override
  public long expired(long now) {
    if (idleNanos == 0 || finished) {
      return NEVER;
    }
    if (now >= lastActive + idleNanos && terminal != null) {
      lastActive = now;
      terminal.idle();
    }
    return lastActive + idleNanos;
  }

  private void finish(Reset why) {
    if (finished) {
      return;
    }
    finished = true;
    worker.loop().wheel().cancel(timer);
    worker.loop().remove(this);
    letGo();
    log.ended(why);
    tally.add(Tally.Metric.CX_ACTIVE, -1);
    tally.add(Tally.Metric.BYTES_RECEIVED, log.bytesReceived());
    tally.add(Tally.Metric.BYTES_SENT, log.bytesSent());
    AccessLogging.log(worker, chain.logs(), log);
    onClosed.run();
  }

  // ---- fence, swap, drain

  @Override
  public void broken(Reset why) {
    letGo();
    log.reset(why);
    if (upstream != null) {
      upstream.abort(why);
    }
    downstream.abort(why);
  }

  @Override
  public boolean holds(ByteBuf data) {
    return downstream.holds(data) || (upstream != null && upstream.holds(data));
  }

  @Override
  public void adopt(Generation next, Moving moving) {
    ListenerPlan plan = next.listener(listener);
    ByteChain fresh = plan == null ? null : plan.chain().bytes();
    if (fresh == null) {
      // The listener is gone or does something else; a plain byte stream goes on to its end.
      return;
    }
    chain = fresh;
    Slot<ByteTerminalPlan> slot = fresh.terminal();
    TerminalFence old = terminal;
    if (old == null || slot.main() == bound || slot.canary() == bound) {
      return;
    }
    StateRecord record = old.detach();
    if (record == null) {
      return;
    }
    letGo();
    Bound<ByteTerminalPlan> wanted = slot.main();
    boolean readable = TerminalFence.reads(wanted, record);
    if (readable) {
      bound = wanted;
      moving.moved();
    } else {
      moving.fellBack();
    }
    var _ = install(record);
  }

  @Override
  public void goodbye() {
    // A byte stream has no word for it; it ends when its peers do or when the drain is over.
  }

  @Override
  public void wires(Consumer<Wire> visitor) {
    visitor.accept(downstream);
    if (upstream != null) {
      visitor.accept(upstream);
    }
  }

  @Override
  public void abort(Reset why) {
    downstream.abort(why);
  }

  @Override
  public void evict(Extension extension, Reset why) {
    if (terminal != null && bound.extension() == extension) {
      // Nothing more passes, so its code can go at once; what has passed reaches its peer.
      letGo();
      close(why);
    }
  }

  @Override
  public ConnectionView view(long now) {
    Extension extension = bound.extension();
    return new ConnectionView(
        id,
        "pair",
        listener,
        AddressText.of(downstream.peer()),
        AddressText.of(downstream.local()),
        extension.name() + " " + extension.version(),
        1,
        log.durationNanos() / 1_000_000,
        worker.loop().model().label());
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int next) {
    place = next;
  }
}
