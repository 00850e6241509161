package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.health.HealthChecker;
import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Connection;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection for one probe: one request, one answer, then it is closed. */
final class ProbeConnection
    implements ClientCodecHost, WireOwner, Connection, CodecLink.Side, Wheel.Expiry {
  private static final int BODY_BYTES = 64 * 1024;
  private static final Reset DONE = Reset.byHost(Reset.Reason.CANCELLED, "the probe is over");

  private final Worker worker;
  private final Wire wire;
  private final CodecLink link;
  private final String slotName;
  private final int cluster;
  private final String clusterName;
  private final HealthChecker.Outcome outcome;
  private final long deadline;
  private final Wheel.Timer timer = new Wheel.Timer(this);
  private final long id;
  private final long started;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable Probe waiting;
  private @Nullable ResponseHead head;
  private boolean over;
  private int place = -1;

  /**
   * A complete answer.
   *
   * @param body its first 64 KiB
   * @param trailers without fields when there were none
   */
  record Answer(ResponseHead head, byte[] body, Fields trailers) {}

  ProbeConnection(
      Worker worker,
      Wire wire,
      ClusterPlan cluster,
      Slot<CodecPlan> codec,
      long deadline,
      HealthChecker.Outcome outcome) {
    this.worker = worker;
    this.wire = wire;
    this.slotName = codec.name();
    this.cluster = cluster.index();
    this.clusterName = cluster.name();
    this.outcome = outcome;
    this.deadline = deadline;
    this.id = worker.nextConnection();
    this.started = worker.loop().now();
    this.link = new CodecLink(worker, wire, this, codec.pick(worker.loop().random()));
    wire.owner(this);
    worker.loop().add(this);
    worker.loop().wheel().ensure(timer, deadline, started);
  }

  /** Asks, at once or, as requests of a pool do, when the peer has said that it takes a stream. */
  void ask(Probe probe) {
    waiting = probe;
    offer();
  }

  private void offer() {
    Probe next = waiting;
    CodecFence codec = next == null || over ? null : link.codec();
    if (next != null && codec != null && codec.isReady() && codec.vacancies() > 0) {
      waiting = null;
      boolean bodiless = next.body().length == 0;
      int stream = codec.request(next.head(), bodiless);
      if (!bodiless && !over) {
        link.data(stream, Unpooled.wrappedBuffer(next.body()), true);
      }
    }
  }

  /** True once; the connection goes when the codec is no longer in the middle of a call. */
  private boolean end() {
    boolean first = !over;
    if (first) {
      over = true;
      worker.loop().wheel().cancel(timer);
      worker.loop().execute(() -> wire.closeAfterFlush(DONE));
    }
    return first;
  }

  private void failed(String why) {
    if (end()) {
      outcome.failed(why);
    }
  }

  private void unknown() {
    if (end()) {
      outcome.unknown();
    }
  }

  private void answered(Fields trailers) {
    ResponseHead answer = head;
    if (answer != null && end()) {
      Prober.judge(worker, cluster, new Answer(answer, body.toByteArray(), trailers), outcome);
    }
  }

  // ---- reports of the codec

  @Override
  public void onResponse(int stream, ResponseHead answer, boolean end) {
    if (answer.isInterim()) {
      return;
    }
    head = Heads.copy(answer);
    if (end) {
      answered(new Fields());
    }
  }

  @Override
  public void onData(int stream, @Owned ByteBuf data, boolean end) {
    int length = data.readableBytes();
    int kept = Math.min(length, BODY_BYTES - body.size());
    body.writeBytes(ByteBufUtil.getBytes(data, data.readerIndex(), kept));
    data.release();
    link.credit(stream, length);
    if (end) {
      answered(new Fields());
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    answered(trailers);
  }

  @Override
  public void onReset(int stream, Reset reset) {
    failed("reset: " + reset.detail());
  }

  @Override
  public void onGoodbye() {
    // What was asked may still be answered.
    if (waiting != null) {
      failed("it says goodbye");
    }
  }

  @Override
  public void onWritable() {
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
    failed(why.detail());
    wire.closeAfterFlush(why);
  }

  @Override
  public void becomeTunnel(int stream) {
    failed("the endpoint switches protocols");
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

  // ---- the wire

  @Override
  public void bytes() {
    link.pump();
  }

  @Override
  public void inputEnded() {
    link.pump();
    failed("closed before the answer was complete");
  }

  @Override
  public void writable() {}

  @Override
  public void closed(Reset why) {
    failed(why.detail());
    worker.loop().remove(this);
    link.finish();
  }

  @Override
  public long expired(long now) {
    if (now < deadline) {
      return deadline;
    }
    failed(waiting == null ? "no answer in time" : "it takes no request in time");
    return NEVER;
  }

  // ---- the link

  @Override
  public @Nullable CodecFence make(
      Bound<CodecPlan> of, @Nullable StateRecord record, CodecFence.Owner owner) {
    return CodecFence.client(of, record, this, owner);
  }

  @Override
  public void tunnelData(@Owned ByteBuf data) {
    data.release();
  }

  @Override
  public void tunnelEnd() {}

  // The codec threw, which says nothing about the endpoint.
  @Override
  public void broken(Reset why) {
    unknown();
    wire.abort(why);
  }

  @Override
  public void pumped() {
    offer();
  }

  // ---- swap and drain

  @Override
  public void adopt(Generation next, Moving moving) {
    Slot<CodecPlan> slot = next.codec(slotName);
    if (slot == null) {
      unknown();
    } else {
      link.adopt(slot, moving);
    }
  }

  // The process ends: nobody wants to know any more.
  @Override
  public void goodbye() {
    over = true;
    worker.loop().wheel().cancel(timer);
    wire.abort(DONE);
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
      unknown();
      wire.abort(why);
    }
  }

  @Override
  public ConnectionView view(long now) {
    return new ConnectionView(
        id,
        "health check",
        clusterName,
        AddressText.of(wire.peer()),
        AddressText.of(wire.local()),
        Downstream.protocolOf(link),
        over ? 0 : 1,
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
