package dev.osprey.host.stream;

import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Connection;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection whose protocol is not known yet: its codecs are asked for what has come,
 * until one of them knows it, or none does or time is up. Then the connection belongs to that
 * codec, or to the next network filter, or ends. Whom it asks, the generation of the moment says.
 */
public final class Newcomer implements WireOwner, Connection, Wheel.Expiry {
  private static final Reset UNKNOWN =
      Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "no codec recognises the first bytes");
  private static final Reset LATE =
      Reset.byDownstream(Reset.Reason.TIMEOUT, "no codec recognised the first bytes in time");
  private static final Reset GONE =
      Reset.byDownstream(Reset.Reason.CONNECTION_LOST, "closed before the first byte");
  private static final Reset DRAINING = Reset.byHost(Reset.Reason.DRAINING, "goodbye");

  private final Worker worker;
  private final Wire wire;
  private final long id;
  private final String listener;
  private final Tally tally;
  private final Next next;
  private final Runnable onClosed;
  private final Wheel.Timer timer = new Wheel.Timer(this);
  private final long started;
  private boolean spoke;
  private long firstHeard;
  private int place = -1;

  /** Takes connections that are not for a codec. */
  public interface Next {
    /**
     * Takes the connection with all that was read of it.
     *
     * @param wire gives the wire to its new owner
     */
    void take(ListenerPlan plan, ByteChain chain, Function<WireOwner, Wire> wire);
  }

  /**
   * A connection that was just accepted.
   *
   * @param channelWire makes the wire, given its owner
   * @param onClosed run when it ends, under whatever owner
   */
  public Newcomer(
      Worker worker,
      ListenerPlan plan,
      Tally tally,
      Function<WireOwner, Wire> channelWire,
      Next next,
      Runnable onClosed) {
    this.worker = worker;
    this.listener = plan.name();
    this.tally = tally;
    this.next = next;
    this.onClosed = onClosed;
    this.id = worker.nextConnection();
    this.started = worker.loop().now();
    this.wire = channelWire.apply(this);
    worker.loop().add(this);
    arm();
  }

  /** True when a chain's connections must be looked at before anybody gets them. */
  public static boolean isNeeded(StreamChain chain) {
    return chain.codecs().size() > 1 || chain.next() != null;
  }

  // ---- the wire

  @Override
  public void bytes() {
    if (!spoke) {
      spoke = true;
      firstHeard = worker.loop().now();
    }
    look();
  }

  @Override
  public void inputEnded() {
    if (wire.hasUnread()) {
      // No more will come to tell by.
      nobody(Tally.Metric.CX_UNKNOWN, UNKNOWN);
    } else {
      wire.closeAfterFlush(GONE);
    }
  }

  @Override
  public void writable() {
    // Nothing was written.
  }

  @Override
  public void closed(Reset why) {
    leave();
    tally.add(Tally.Metric.CX_ACTIVE, -1);
    onClosed.run();
  }

  // ---- whose it is

  private void look() {
    StreamChain chain = chain();
    ByteBuf first = wire.unread();
    if (wire.isClosing()) {
      return;
    }
    if (chain == null) {
      goodbye();
    } else if (!isNeeded(chain)) {
      become(chain, chain.codecs().getFirst());
    } else if (first != null) {
      decide(chain, Detection.of(chain.codecs(), first));
    }
  }

  private void decide(StreamChain chain, Detection seen) {
    switch (seen) {
      case Detection.Found found -> become(chain, found.slot());
      case Detection.More _ -> arm();
      case Detection.Nobody _ -> nobody(Tally.Metric.CX_UNKNOWN, UNKNOWN);
    }
  }

  private @Nullable ListenerPlan plan() {
    return worker.loop().generation().listener(listener);
  }

  private @Nullable StreamChain chain() {
    ListenerPlan plan = plan();
    return plan != null && plan.chain() instanceof StreamChain stream ? stream : null;
  }

  private void become(StreamChain chain, Slot<CodecPlan> codec) {
    leave();
    Downstream owner =
        new Downstream(worker, listener, chain, codec, tally, this::handOver, onClosed);
    if (wire.hasUnread()) {
      owner.bytes();
    }
  }

  /** No codec's: the next filter's, if there is one, else the end. */
  private void nobody(Tally.Metric reason, Reset why) {
    ListenerPlan plan = plan();
    StreamChain chain = chain();
    ByteChain behind = chain == null ? null : chain.next();
    if (plan == null || behind == null) {
      tally.count(reason);
      if (spoke) {
        var _ = worker.complaints().about("client", listener, wire.peer(), id, why.detail());
      }
      wire.closeAfterFlush(why);
    } else {
      tally.count(Tally.Metric.CX_PASSED_ON);
      leave();
      next.take(plan, behind, this::handOver);
    }
  }

  private Wire handOver(WireOwner owner) {
    wire.owner(owner);
    return wire;
  }

  private void leave() {
    worker.loop().wheel().cancel(timer);
    worker.loop().remove(this);
  }

  // ---- time

  private void arm() {
    worker.loop().wheel().ensure(timer, deadline(), worker.loop().now());
  }

  private long deadline() {
    ListenerPlan plan = plan();
    StreamChain chain = chain();
    if (plan == null || chain == null) {
      return NEVER;
    }
    Duration detection = plan.detectionTimeout();
    if (chain.next() != null) {
      // Its client may wait for the server to speak first.
      return DownstreamTimes.after(started, detection);
    }
    StreamOptions options = chain.options();
    if (!spoke) {
      return DownstreamTimes.after(started, options.idleNanos());
    }
    return Math.min(
        DownstreamTimes.after(firstHeard, detection),
        DownstreamTimes.after(firstHeard, options.requestHeadersNanos()));
  }

  @Override
  public long expired(long now) {
    long due = deadline();
    if (wire.isClosing() || now < due) {
      return wire.isClosing() ? NEVER : due;
    }
    nobody(Tally.Metric.CX_UNKNOWN_IN_TIME, LATE);
    return NEVER;
  }

  // ---- swap and drain

  @Override
  public void adopt(Generation generation, Moving moving) {
    // Later, for it may leave the table that is being walked through.
    worker.loop().execute(this::lookAgain);
  }

  private void lookAgain() {
    if (place >= 0) {
      arm();
      look();
    }
  }

  @Override
  public void goodbye() {
    wire.closeAfterFlush(DRAINING);
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
    // It runs nobody's code.
  }

  @Override
  public ConnectionView view(long now) {
    return new ConnectionView(
        id,
        "newcomer",
        listener,
        AddressText.of(wire.peer()),
        AddressText.of(wire.local()),
        "?",
        0,
        (now - started) / 1_000_000,
        worker.loop().model().label());
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int at) {
    place = at;
  }
}
