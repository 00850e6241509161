package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Connection;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection to an endpoint under a codec; belongs to a pool. */
final class Upstream
    implements ClientCodecHost, WireOwner, Connection, CodecLink.Side, Wheel.Expiry {
  private final Worker worker;
  private final Pool pool;
  private final long id;
  private final Wire wire;
  private final CodecLink link;
  private final StreamTable streams = new StreamTable();
  private final WaitingList waiting = new WaitingList();
  private final Wheel.Timer timer = new Wheel.Timer(this);
  private final long started;
  private long lastHeard;
  private long lastActive;
  private boolean retired;
  private boolean served;
  private boolean ready;
  private boolean opening;
  private boolean complained;
  private boolean counted;
  private @Nullable Reset refused;
  private final IdleList.Place idlePlace = new IdleList.Place();
  private int poolPlace;
  private int place = -1;

  Upstream(Worker worker, Pool pool, Wire wire, Bound<CodecPlan> bound) {
    this.worker = worker;
    this.pool = pool;
    this.id = worker.nextConnection();
    this.wire = wire;
    this.link = new CodecLink(worker, wire, this, bound);
    this.started = this.lastHeard = this.lastActive = worker.loop().now();
    wire.owner(this);
    worker.loop().add(this);
    arm();
  }

  /** Begins to speak; tells the pool once it may be used, at once or when the peer has spoken. */
  void begin() {
    CodecFence codec = link.codec();
    if (codec != null) {
      offer();
    }
  }

  InetSocketAddress endpoint() {
    return pool.endpoint();
  }

  // ---- what exchanges and the pool ask for

  /** True when a stream may be opened on it. */
  boolean hasVacancy() {
    if (!ready || retired || wire.isClosing() || wire.isInputEnded() || link.isTunnel()) {
      return false;
    }
    CodecFence codec = link.codec();
    // A codec may be done with an answer that a filter still holds: the stream is not free yet.
    return codec != null && (streams.isEmpty() || link.isMultiplexed()) && codec.vacancies() > 0;
  }

  /** True once it has carried a request. */
  boolean hasServed() {
    return served;
  }

  boolean isMultiplexed() {
    return link.isMultiplexed();
  }

  /** False until its peer has said what it takes. */
  boolean isReady() {
    return ready;
  }

  /** How many streams it can carry, as far as is known. */
  int capacity() {
    CodecFence codec = link.codec();
    return codec == null || retired ? 0 : streams.size() + codec.vacancies();
  }

  /** Tells the pool what has become possible. */
  private void offer() {
    CodecFence codec = ready ? null : link.codec();
    if (codec != null && codec.isReady() && !retired && !wire.isClosing()) {
      ready = true;
      pool.ready(this);
    } else if (!isIdle() && hasVacancy()) {
      pool.vacant(this);
    }
  }

  /** Opens a stream for an exchange; the exchange is reset when that fails. */
  int request(Exchange exchange, RequestHead head, boolean end) {
    lastActive = worker.loop().now();
    CodecFence codec = link.codec();
    served = true;
    refused = null;
    opening = true;
    int stream = codec == null ? -1 : codec.request(head, end);
    opening = false;
    Reset why = refused;
    if (why == null && stream < 0) {
      why = Reset.byHost(Reset.Reason.EXTENSION_FAILURE, "the upstream codec failed");
    }
    if (why == null) {
      streams.put(stream, exchange);
    } else {
      exchange.upstreamReset(why);
      settle();
    }
    return stream;
  }

  void data(int stream, @Owned ByteBuf data, boolean end) {
    link.data(stream, data, end);
  }

  void trailers(int stream, Fields trailers) {
    link.trailers(stream, trailers);
  }

  void credit(int stream, int bytes) {
    link.credit(stream, bytes);
  }

  boolean canTake(int stream) {
    return link.canTake(stream);
  }

  /** Who waits until it can take more. */
  WaitingList waiting() {
    return waiting;
  }

  void pause() {
    link.pauseUnlessShared();
  }

  void resume() {
    link.resume();
  }

  /** The exchange no longer wants its stream. */
  void cancel(int stream, Reset why) {
    if (streams.get(stream) == null) {
      return;
    }
    streams.remove(stream);
    link.reset(stream, why);
    if (!wire.isClosing()) {
      settle();
    }
  }

  /** The exchange is over on both sides. */
  void finished(int stream, boolean tunnel) {
    streams.remove(stream);
    lastActive = worker.loop().now();
    if (link.isTunnel() || (tunnel && !link.isMultiplexed())) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.CANCELLED, "tunnel ended"));
      return;
    }
    settle();
  }

  /**
   * Resumes reading and goes back to the pool; later, when the codec is in the middle of a call.
   */
  private void settle() {
    if (link.isPaused()) {
      link.resume();
    } else {
      link.pump();
    }
  }

  @Override
  public void pumped() {
    if (streams.isEmpty() && !wire.isClosing() && link.goodbyeSaid()) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
    } else {
      boolean wasIdle = isIdle();
      offer();
      if (isIdle() && streams.isEmpty() && worker.loop().isDraining()) {
        // It is younger than the goodbye to all.
        goodbye();
      } else if (isIdle() && !wasIdle && streams.isEmpty()) {
        arm();
      }
    }
  }

  boolean isIdle() {
    return idlePlace.isTaken();
  }

  IdleList.Place idlePlace() {
    return idlePlace;
  }

  /** Where the pool keeps it; for the pool. */
  int poolPlace() {
    return poolPlace;
  }

  /** Sets where the pool keeps it; for the pool. */
  void poolPlace(int at) {
    poolPlace = at;
  }

  /** Takes no new streams; closes once nothing is open. */
  void retire() {
    retired = true;
    goodbye();
  }

  // ---- the wire

  @Override
  public void bytes() {
    lastHeard = worker.loop().now();
    if (!streams.isEmpty() || !link.isMultiplexed()) {
      // Heartbeats and the like keep a connection no longer than its idle time.
      lastActive = lastHeard;
    }
    link.pump();
  }

  @Override
  public void inputEnded() {
    pool.left(this);
    link.pump();
    if (streams.isEmpty() && !wire.isClosing()) {
      wire.closeAfterFlush(Reset.byUpstream(Reset.Reason.CONNECTION_LOST, "closed by the peer"));
    }
  }

  @Override
  public void writable() {
    waiting.wake(Exchange::upstreamWritable);
  }

  @Override
  public void closed(Reset why) {
    worker.loop().wheel().cancel(timer);
    worker.loop().remove(this);
    if (wire.isBroken() && isUnanswered()) {
      link.broke();
    }
    link.finish();
    pool.closed(this, why.detail());
    Reset upstreamWhy =
        why.source() == Reset.Source.HOST && why.reason() == Reset.Reason.CONNECTION_LOST
            ? Reset.byUpstream(why.reason(), why.detail())
            : why;
    streams.drain(exchange -> exchange.upstreamReset(upstreamWhy));
  }

  // An answer of its own connection that has begun may look whole at an orderly end, which no
  // reset is.
  private boolean isUnanswered() {
    Exchange open = streams.any();
    return open != null && (link.isMultiplexed() || open.isUnanswered());
  }

  // ---- reports of the codec

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    Exchange exchange = streams.get(stream);
    if (exchange != null) {
      exchange.responseHead(head, end);
    }
  }

  @Override
  public void onData(int stream, @Owned ByteBuf data, boolean end) {
    Exchange exchange = streams.get(stream);
    if (exchange == null) {
      credit(stream, data.readableBytes());
      data.release();
    } else {
      exchange.responseData(data, end);
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    Exchange exchange = streams.get(stream);
    if (exchange != null) {
      exchange.responseTrailers(trailers);
    }
  }

  private void complain(Reset why) {
    // The one stream of a connection and the connection end by the same fault.
    if (why.reason() == Reset.Reason.PROTOCOL_ERROR && (link.isMultiplexed() || !counted)) {
      counted = true;
      pool.tally().count(Tally.Metric.PROTOCOL_ERROR);
    }
    if (!complained) {
      String cluster = pool.cluster().plan().name();
      complained = worker.complaints().about("upstream", cluster, wire.peer(), id, why.detail());
    }
  }

  @Override
  public void onReset(int stream, Reset reset) {
    if (Complaints.isDueOfStream(reset, Reset.Source.UPSTREAM)) {
      complain(reset);
    }
    Exchange exchange = streams.get(stream);
    if (exchange != null) {
      streams.remove(stream);
      exchange.upstreamReset(reset);
    } else if (opening) {
      refused = reset;
    }
  }

  @Override
  public void onGoodbye() {
    retired = true;
    pool.left(this);
  }

  @Override
  public void onWritable() {
    waiting.wake(Exchange::upstreamWritable);
    offer();
  }

  @Override
  public @Borrowed ByteBuf out() {
    return wire.out();
  }

  @Override
  public void write(@Owned ByteBuf data) {
    wire.write(data);
  }

  @Override
  public boolean isWritable() {
    return wire.isWritable();
  }

  @Override
  public void wakeAfter(Duration delay) {
    link.wakeAfter(delay);
  }

  @Override
  public boolean leave(@Owned ByteBuf data) {
    return link.leave(data);
  }

  @Override
  public @Owned @Nullable ByteBuf takeLeft() {
    return link.takeLeft();
  }

  @Override
  public void close(Reset why) {
    pool.left(this);
    if (Complaints.isDue(why, Reset.Source.UPSTREAM)) {
      complain(why);
    }
    streams.drain(exchange -> exchange.upstreamReset(why));
    wire.closeAfterFlush(why);
  }

  @Override
  public void becomeTunnel(int stream) {
    pool.left(this);
    link.becomeTunnel();
  }

  @Override
  public ByteBufAllocator alloc() {
    return worker.loop().allocator();
  }

  @Override
  public SocketAddress peer() {
    return wire.peer();
  }

  @Override
  public SocketAddress local() {
    return wire.local();
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  // ---- the link

  @Override
  public @Nullable CodecFence make(
      Bound<CodecPlan> of, @Nullable StateRecord record, CodecFence.Owner owner) {
    return CodecFence.client(of, record, this, owner);
  }

  @Override
  public void tunnelData(@Owned ByteBuf data) {
    Exchange exchange = streams.any();
    if (exchange == null) {
      data.release();
    } else {
      exchange.responseData(data, false);
    }
  }

  @Override
  public void tunnelEnd() {
    Exchange exchange = streams.any();
    if (exchange != null) {
      exchange.responseData(Unpooled.EMPTY_BUFFER, true);
    }
  }

  @Override
  public void broken(Reset why) {
    pool.left(this);
    wire.abort(why);
  }

  // ---- time

  private void arm() {
    worker.loop().wheel().ensure(timer, nextDeadline(), worker.loop().now());
  }

  private long nextDeadline() {
    long next = DownstreamTimes.after(lastActive, pool.idleNanos());
    if (!ready) {
      next = Math.min(next, DownstreamTimes.after(started, pool.connectNanos()));
    }
    if (lastHeard + DownstreamTimes.REST_NANOS > worker.loop().now()) {
      next = Math.min(next, lastHeard + DownstreamTimes.REST_NANOS);
    }
    return next;
  }

  @Override
  public long expired(long now) {
    if (wire.isClosing()) {
      return NEVER;
    }
    if (!ready && now >= DownstreamTimes.after(started, pool.connectNanos())) {
      wire.abort(Reset.byUpstream(Reset.Reason.TIMEOUT, "the upstream says nothing"));
      return NEVER;
    }
    if (streams.isEmpty()) {
      if (now >= DownstreamTimes.after(lastActive, pool.idleNanos())) {
        pool.left(this);
        wire.closeAfterFlush(Reset.byHost(Reset.Reason.TIMEOUT, "idle"));
        return NEVER;
      }
      if (now >= lastHeard + DownstreamTimes.REST_NANOS) {
        link.restIfPossible();
      }
    } else {
      lastHeard = Math.max(lastHeard, now - DownstreamTimes.REST_NANOS);
      lastActive = Math.max(lastActive, lastHeard);
    }
    return Math.max(nextDeadline(), now + Wheel.TICK_NANOS);
  }

  // ---- swap and drain

  @Override
  public void adopt(Generation next, Moving moving) {
    if (link.isTunnel()) {
      return;
    }
    Slot<CodecPlan> slot = next.codec(pool.slotName());
    if (slot == null) {
      retire();
    } else {
      link.adopt(slot, moving);
    }
  }

  @Override
  public void goodbye() {
    if (link.isTunnel()) {
      return;
    }
    pool.left(this);
    retired = true;
    link.goodbye();
    if (streams.isEmpty()) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
    }
  }

  @Override
  public void wires(Consumer<Wire> visitor) {
    visitor.accept(wire);
  }

  @Override
  public void abort(Reset why) {
    wire.abort(why);
  }

  @Override
  public void evict(Extension extension, Reset why) {
    if (link.runsOn(extension)) {
      wire.abort(why);
    }
  }

  @Override
  public ConnectionView view(long now) {
    return new ConnectionView(
        id,
        "upstream",
        pool.cluster().plan().name(),
        AddressText.of(wire.peer()),
        AddressText.of(wire.local()),
        Downstream.protocolOf(link),
        streams.size(),
        (now - started) / 1_000_000,
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
