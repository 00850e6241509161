package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Connection;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ChainPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's connection under the stream terminal: reports of its codec become exchanges. */
public final class Downstream implements ServerCodecHost, WireOwner, Connection, CodecLink.Side {
  private final Worker worker;
  private final Wire wire;
  private final long id;
  private final String listener;
  private final Runnable onClosed;
  private final Tally tally;
  private final StreamTable streams = new StreamTable();
  private final WaitingList waiting = new WaitingList();
  private final DownstreamTimes times;
  private final CodecLink link;
  private final String slotName;
  private StreamChain chain;
  private boolean orphaned;
  private boolean cutting;
  private boolean complained;
  private int place = -1;

  /**
   * A connection whose protocol is known.
   *
   * @param codec one of the chain's
   * @param channelWire makes the wire, or hands it over, given its owner
   */
  public Downstream(
      Worker worker,
      String listener,
      StreamChain chain,
      Slot<CodecPlan> codec,
      Tally tally,
      java.util.function.Function<WireOwner, Wire> channelWire,
      Runnable onClosed) {
    this.worker = worker;
    this.chain = chain;
    this.listener = listener;
    this.tally = tally;
    this.onClosed = onClosed;
    this.id = worker.nextConnection();
    this.wire = channelWire.apply(this);
    this.times = new DownstreamTimes(this, worker.loop());
    this.slotName = codec.name();
    this.link = new CodecLink(worker, wire, this, codec.pick(worker.loop().random()));
    worker.loop().add(this);
    times.arm();
  }

  // ---- the wire

  @Override
  public void bytes() {
    if (isMultiplexed() && streams.isEmpty()) {
      times.heard();
    } else {
      times.active();
    }
    link.pump();
  }

  /** The head of a request has not come in time: its codec may answer, else it is just closed. */
  void requestTimedOut(Reset why) {
    CodecFence codec = link.codec();
    if (codec != null) {
      codec.requestTimedOut();
    }
    if (streams.isEmpty() && !wire.isClosing()) {
      closeQuietly(why);
    }
  }

  @Override
  public void pumped() {
    times.headIsPartial(streams.isEmpty() && wire.hasUnread());
    if (streams.isEmpty() && !wire.isClosing() && link.mayCloseAfterGoodbye()) {
      closeIfQuiet();
    }
  }

  private void closeIfQuiet() {
    if (!wire.hasUnread()) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
    }
  }

  @Override
  public void inputEnded() {
    link.pump();
  }

  @Override
  public void writable() {
    waiting.wake(Exchange::downstreamWritable);
  }

  @Override
  public void closed(Reset why) {
    times.cancel();
    worker.loop().remove(this);
    link.finish();
    streams.forEach(exchange -> exchange.downstreamGone(why));
    tally.add(Tally.Metric.CX_ACTIVE, -1);
    onClosed.run();
  }

  // ---- reports of the codec

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    times.headIsPartial(false);
    Exchange exchange = new Exchange(worker, this, stream, head);
    streams.put(stream, exchange);
    exchange.begin(end);
  }

  private void complain(String detail) {
    if (!complained) {
      complained = worker.complaints().about("client", listener, wire.peer(), id, detail);
    }
  }

  @Override
  public void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
    tally.count(Tally.Metric.RQ_BAD);
    complain(reply.detail());
    Exchange exchange = streams.get(stream);
    if (exchange == null) {
      exchange = new Exchange(worker, this, stream, head);
      streams.put(stream, exchange);
    }
    exchange.badRequest(reply);
  }

  @Override
  public void onData(int stream, @Owned ByteBuf data, boolean end) {
    Exchange exchange = streams.get(stream);
    if (exchange == null) {
      credit(stream, data.readableBytes());
      data.release();
    } else {
      exchange.requestData(data, end);
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    Exchange exchange = streams.get(stream);
    if (exchange != null) {
      exchange.requestTrailers(trailers);
    }
  }

  @Override
  public void onReset(int stream, Reset reset) {
    if (Complaints.isDueOfStream(reset, Reset.Source.DOWNSTREAM)) {
      complain(reset.detail());
    }
    Exchange exchange = streams.get(stream);
    if (exchange != null) {
      exchange.downstreamGone(reset);
    }
  }

  @Override
  public void onGoodbye() {
    // The client will ask nothing new; it closes by itself when it is done.
  }

  @Override
  public void onWritable() {
    waiting.wake(Exchange::downstreamWritable);
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
    if (Complaints.isDue(why, Reset.Source.DOWNSTREAM)) {
      complain(why.detail());
    }
    streams.forEach(exchange -> exchange.downstreamClosing(why));
    if (cutting) {
      wire.reset(why);
    } else {
      wire.closeAfterFlush(why);
    }
  }

  @Override
  public void closeWithoutWaiting(Reset why) {
    if (cutting || wire.hasUnread()) {
      close(why);
    } else {
      streams.forEach(exchange -> exchange.downstreamClosing(why));
      wire.closeOnceSent(why);
    }
  }

  @Override
  public void becomeTunnel(int stream) {
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
    return CodecFence.server(of, record, this, owner);
  }

  @Override
  public void tunnelData(@Owned ByteBuf data) {
    times.active();
    Exchange exchange = streams.any();
    if (exchange == null) {
      data.release();
    } else {
      exchange.requestData(data, false);
    }
  }

  @Override
  public void tunnelEnd() {
    Exchange exchange = streams.any();
    if (exchange != null) {
      exchange.requestData(Unpooled.EMPTY_BUFFER, true);
    }
  }

  @Override
  public void broken(Reset why) {
    wire.abort(why);
  }

  // ---- what exchanges ask for

  void respond(int stream, ResponseHead head, boolean end) {
    CodecFence codec = codec();
    if (codec != null) {
      codec.respond(stream, head, end);
    }
  }

  void data(int stream, @Owned ByteBuf data, boolean end) {
    link.data(stream, data, end);
  }

  void trailers(int stream, Fields trailers) {
    link.trailers(stream, trailers);
  }

  void reset(int stream, Reset reset) {
    // A codec that can only close must not make the cut look like an orderly end.
    cutting = true;
    link.reset(stream, reset);
    cutting = false;
  }

  void credit(int stream, int bytes) {
    link.credit(stream, bytes);
  }

  /** The proxy's own answer in this protocol's words; null when the codec is gone. */
  @Nullable LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    Bound<CodecPlan> bound = link.bound();
    return bound == null ? null : CodecFence.answer(bound, reply, request);
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

  /** An exchange is over: the next pipelined request may be read. */
  void finished(int stream) {
    streams.remove(stream);
    times.active();
    if (wire.isClosing()) {
      return;
    }
    if (link.isTunnel()) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.CANCELLED, "tunnel ended"));
    } else if (link.isPaused()) {
      link.resume();
    } else {
      link.pump();
    }
    if (streams.isEmpty()) {
      times.arm();
    }
  }

  boolean isTunnel() {
    return link.isTunnel();
  }

  boolean isMultiplexed() {
    return link.isMultiplexed();
  }

  private @Nullable CodecFence codec() {
    return link.codec();
  }

  StreamChain chain() {
    return chain;
  }

  Tally tally() {
    return tally;
  }

  long id() {
    return id;
  }

  String listener() {
    return listener;
  }

  /** The codec slot for upstreams of clusters that name none. */
  String upstreamSlot() {
    String usual = chain.upstreamSlot();
    return usual == null ? slotName : usual;
  }

  void active() {
    times.active();
  }

  /** A stream is to be over by then, which may be earlier than was known. */
  void endsBy(long deadline) {
    times.arm(deadline);
  }

  // ---- what the times ask for

  StreamTable streams() {
    return streams;
  }

  boolean isClosing() {
    return wire.isClosing();
  }

  /** Closes politely without an answer. */
  void closeQuietly(Reset why) {
    wire.closeAfterFlush(why);
  }

  /** Lets the codec of a connection at rest go. */
  void rest() {
    link.restIfPossible();
  }

  // ---- swap and drain

  @Override
  public void adopt(Generation next, Moving moving) {
    ListenerPlan plan = next.listener(listener);
    ChainPlan fresh = plan == null ? null : plan.chain();
    Slot<CodecPlan> slot = null;
    if (fresh instanceof StreamChain stream) {
      boolean otherTimes = !stream.options().equals(chain.options());
      chain = stream;
      slot = slotOf(stream);
      if (otherTimes) {
        times.arm();
      }
    }
    if (link.isTunnel()) {
      return;
    }
    if (slot == null) {
      orphaned = true;
      goodbye();
    } else {
      link.adopt(slot, moving);
    }
  }

  private @Nullable Slot<CodecPlan> slotOf(StreamChain stream) {
    for (Slot<CodecPlan> slot : stream.codecs()) {
      if (slot.name().equals(slotName)) {
        return slot;
      }
    }
    return null;
  }

  @Override
  public void goodbye() {
    if (!link.isTunnel()) {
      link.goodbye();
    }
    if (streams.isEmpty() && link.mayCloseAfterGoodbye()) {
      closeIfQuiet();
    }
  }

  // What waits in a codec for the window of one of its streams.
  @Override
  public long heldBytes() {
    if (!link.isMultiplexed()) {
      return 0;
    }
    long[] owed = {0};
    streams.forEach(exchange -> owed[0] += exchange.owedBytes());
    return owed[0];
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
    } else {
      streams.forEach(exchange -> exchange.evict(extension, why));
    }
  }

  @Override
  public ConnectionView view(long now) {
    return new ConnectionView(
        id,
        orphaned ? "downstream (listener gone)" : "downstream",
        listener,
        AddressText.of(wire.peer()),
        AddressText.of(wire.local()),
        protocolOf(link),
        streams.size(),
        (now - times.started()) / 1_000_000,
        worker.loop().model().label());
  }

  static String protocolOf(CodecLink link) {
    Bound<CodecPlan> bound = link.bound();
    return bound == null ? "tunnel" : bound.extension().name() + " " + bound.extension().version();
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
