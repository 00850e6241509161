package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.io.DataPlane.ConnectionView;
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
import dev.osprey.spi.codec.Codec;
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
import org.jspecify.annotations.Nullable;

/** A client's connection under the stream terminal: reports of its codec become exchanges. */
public final class Downstream implements ServerCodecHost, WireOwner, Connection, CodecLink.Side {
  private static final Reset NO_PROTOCOL =
      Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "no codec recognises the first bytes");

  private final Worker worker;
  private final Wire wire;
  private final long id;
  private final String listener;
  private final Runnable onClosed;
  private final Tally tally;
  private final StreamTable streams = new StreamTable();
  private final DownstreamTimes times;
  private StreamChain chain;
  private @Nullable CodecLink link;
  private String slotName = "";
  private boolean orphaned;
  private boolean cutting;
  private int place = -1;

  /**
   * A connection that was just accepted.
   *
   * @param channelWire makes the wire, given its owner
   */
  public Downstream(
      Worker worker,
      ListenerPlan plan,
      StreamChain chain,
      Tally tally,
      java.util.function.Function<WireOwner, Wire> channelWire,
      Runnable onClosed) {
    this.worker = worker;
    this.chain = chain;
    this.listener = plan.name();
    this.tally = tally;
    this.onClosed = onClosed;
    this.id = worker.nextConnection();
    this.wire = channelWire.apply(this);
    this.times = new DownstreamTimes(this, worker.loop());
    if (chain.codecs().size() == 1) {
      choose(chain.codecs().get(0));
    }
    worker.loop().add(this);
    times.arm();
  }

  private void choose(Slot<CodecPlan> slot) {
    slotName = slot.name();
    link = new CodecLink(worker, wire, this, slot.pick(worker.loop().random()));
  }

  // ---- the wire

  @Override
  public void bytes() {
    if (isMultiplexed() && streams.isEmpty()) {
      times.heard();
    } else {
      times.active();
    }
    if (link == null && !recognise()) {
      times.headIsPartial(wire.hasUnread());
      return;
    }
    pump();
  }

  /** The head of a request has not come in time: its codec may answer, else it is just closed. */
  void requestTimedOut(Reset why) {
    CodecFence codec = link == null ? null : codec();
    if (codec != null) {
      codec.requestTimedOut();
    }
    if (streams.isEmpty() && !wire.isClosing()) {
      closeQuietly(why);
    }
  }

  private void pump() {
    CodecLink reader = link;
    if (reader != null) {
      reader.pump();
    }
  }

  private boolean recognise() {
    ByteBuf first = wire.unread();
    Detection seen = first == null ? Detection.MORE : Detection.of(chain.codecs(), first);
    return switch (seen) {
      case Detection.Found found -> {
        choose(found.slot());
        yield true;
      }
      case Detection.More _ -> false;
      case Detection.Nobody _ -> {
        wire.abort(NO_PROTOCOL);
        yield false;
      }
    };
  }

  @Override
  public void pumped() {
    times.headIsPartial(streams.isEmpty() && wire.hasUnread());
    CodecLink reader = link;
    if (streams.isEmpty() && !wire.isClosing() && reader != null && reader.mayCloseAfterGoodbye()) {
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
    if (link == null) {
      wire.abort(Reset.byDownstream(Reset.Reason.CONNECTION_LOST, "closed before a request"));
    } else {
      pump();
    }
  }

  @Override
  public void writable() {
    streams.forEach(Exchange::downstreamWritable);
  }

  @Override
  public void closed(Reset why) {
    times.cancel();
    worker.loop().remove(this);
    CodecLink reader = link;
    if (reader != null) {
      reader.finish();
    }
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
    times.arm();
  }

  @Override
  public void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
    tally.count(Tally.Metric.RQ_BAD);
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
    streams.forEach(Exchange::downstreamWritable);
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
    CodecLink reader = link;
    if (reader != null) {
      reader.wakeAfter(delay);
    }
  }

  @Override
  public void close(Reset why) {
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
    CodecLink reader = link;
    if (reader != null) {
      reader.becomeTunnel();
    }
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
  public Codec create(CodecPlan plan) {
    return plan.server(this);
  }

  @Override
  public Codec attach(CodecPlan plan, StateRecord record) {
    return plan.attachServer(record, this);
  }

  @Override
  public void tunnelData(@Owned ByteBuf data) {
    times.active();
    Exchange exchange = tunnelled();
    if (exchange == null) {
      data.release();
    } else {
      exchange.requestData(data, false);
    }
  }

  @Override
  public void tunnelEnd() {
    Exchange exchange = tunnelled();
    if (exchange != null) {
      exchange.requestData(Unpooled.EMPTY_BUFFER, true);
    }
  }

  private @Nullable Exchange tunnelled() {
    Exchange[] found = new Exchange[1];
    streams.forEach(exchange -> found[0] = exchange);
    return found[0];
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
    CodecLink reader = link;
    if (reader == null) {
      data.release();
    } else {
      reader.data(stream, data, end);
    }
  }

  void trailers(int stream, Fields trailers) {
    CodecLink reader = link;
    if (reader != null) {
      reader.trailers(stream, trailers);
    }
  }

  void reset(int stream, Reset reset) {
    CodecLink reader = link;
    if (reader != null) {
      // A codec that can only close must not make the cut look like an orderly end.
      cutting = true;
      reader.reset(stream, reset);
      cutting = false;
    }
  }

  void credit(int stream, int bytes) {
    CodecLink reader = link;
    if (reader != null) {
      reader.credit(stream, bytes);
    }
  }

  /** The proxy's own answer in this protocol's words; null when the codec is gone. */
  @Nullable LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    Bound<CodecPlan> bound = link == null ? null : link.bound();
    return bound == null ? null : CodecFence.answer(bound, reply, request);
  }

  boolean canTake(int stream) {
    CodecLink reader = link;
    return reader == null || reader.canTake(stream);
  }

  void pause() {
    CodecLink reader = link;
    if (reader != null) {
      reader.pauseUnlessShared();
    }
  }

  void resume() {
    CodecLink reader = link;
    if (reader != null) {
      reader.resume();
    }
  }

  /** An exchange is over: the next pipelined request may be read. */
  void finished(int stream) {
    streams.remove(stream);
    times.active();
    CodecLink reader = link;
    if (reader == null || wire.isClosing()) {
      return;
    }
    if (reader.isTunnel()) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.CANCELLED, "tunnel ended"));
    } else if (reader.isPaused()) {
      reader.resume();
    } else {
      reader.pump();
    }
    times.arm();
  }

  boolean isTunnel() {
    return link != null && link.isTunnel();
  }

  boolean isMultiplexed() {
    return link != null && link.isMultiplexed();
  }

  private @Nullable CodecFence codec() {
    CodecLink reader = link;
    return reader == null ? null : reader.codec();
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

  /** A stream has an earlier deadline than it had. */
  void timesChanged() {
    times.arm();
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
    if (link != null) {
      link.restIfPossible();
    }
  }

  // ---- swap and drain

  @Override
  public void adopt(Generation next, Moving moving) {
    ListenerPlan plan = next.listener(listener);
    ChainPlan fresh = plan == null ? null : plan.chain();
    Slot<CodecPlan> slot = null;
    if (fresh instanceof StreamChain stream) {
      chain = stream;
      slot = slotOf(stream);
    }
    CodecLink reader = link;
    if (reader == null || reader.isTunnel()) {
      return;
    }
    if (slot == null) {
      orphaned = true;
      goodbye();
    } else {
      reader.adopt(slot, moving);
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
    CodecLink reader = link;
    if (reader == null) {
      wire.closeAfterFlush(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
      return;
    }
    if (!reader.isTunnel()) {
      reader.goodbye();
    }
    if (streams.isEmpty() && reader.mayCloseAfterGoodbye()) {
      closeIfQuiet();
    }
  }

  @Override
  public void abort(Reset why) {
    wire.abort(why);
  }

  @Override
  public void evict(Extension extension, Reset why) {
    if (link != null && link.runsOn(extension)) {
      wire.abort(why);
    } else {
      streams.forEach(exchange -> exchange.evict(extension, why));
    }
  }

  @Override
  public ConnectionView view(long now) {
    String protocol = link == null ? "?" : protocolOf(link);
    return new ConnectionView(
        id,
        orphaned ? "downstream (listener gone)" : "downstream",
        listener,
        String.valueOf(wire.peer()),
        String.valueOf(wire.local()),
        protocol,
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
