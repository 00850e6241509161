package dev.osprey.host.stream;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.io.Balancers;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.testkit.toy.ToyMuxFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stream machine on one loop that the test turns by hand: no thread, no socket, and codecs in
 * whose place the test speaks.
 */
final class StreamRig implements CodecPlan, AutoCloseable {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final InetSocketAddress ENDPOINT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  final Queue<Runnable> tasks = new ArrayDeque<>();
  final Loop loop = new Loop(0, IoModel.REACTOR, tasks::add, UnpooledByteBufAllocator.DEFAULT);
  final Stats stats = new Stats();
  final List<ScriptedCodec> servers = new ArrayList<>();
  final List<ScriptedCodec> clients = new ArrayList<>();
  final List<TestConduit> upstreams = new ArrayList<>();
  final List<Wire> upstreamWires = new ArrayList<>();
  final List<Connector.Outcome> connects = new ArrayList<>();
  final TestConduit socket = new TestConduit();
  private final LogFiles logs = new LogFiles(stats.counter("dropped"));
  final List<String> complaints = new ArrayList<>();
  final Worker worker =
      new Worker(
          loop,
          1,
          stats,
          logs,
          new HealthBoard(),
          this::connect,
          new Complaints(loop, complaints::add));
  private final Extension extension =
      new Extension("codec", new ToyMuxFactory(), "toy", "1", 1, "1", 1);
  private final Slot<CodecPlan> slot = Slot.of("codec", new Bound<>(this, extension, "codec"));
  boolean multiplexed = true;
  boolean connectsAtOnce = true;
  int maxConnections = 1024;
  int maxPending = 1024;
  int vacancies = 100;
  StreamOptions options = new StreamOptions(HOUR, HOUR, NONE, NONE, NONE);
  RouteDecision.Forward route = route(NONE, null);
  List<StreamFilterPlan> filters = List.of();
  private final List<Wire> accepted = new ArrayList<>();
  private long number;
  private @Nullable Wire wire;

  static RouteDecision.Forward route(Duration timeout, @Nullable Duration idle) {
    return new RouteDecision.Forward(new NamedCluster("app", 0), "", timeout, idle, null);
  }

  /** Takes over what the fields say. */
  StreamChain publish() {
    StreamChain chain =
        new StreamChain(
            "rig",
            List.of(slot),
            "codec",
            filters.stream().map(one -> Slot.of("f", new Bound<>(one, extension, "f"))).toList(),
            Slot.of("router", new Bound<>(new Routes(route), extension, "router")),
            List.of(),
            options,
            null);
    ListenerPlan listener =
        new ListenerPlan("rig", ENDPOINT, chain, 1 << 16, 9, NONE, IoModel.REACTOR);
    ClusterPlan cluster =
        new ClusterPlan(
            0,
            "app",
            List.of(ENDPOINT),
            HOUR,
            HOUR,
            maxConnections,
            maxPending,
            10_000,
            1024,
            Balancers.inTurn(1),
            null);
    Generation next =
        new Generation(
            ++number,
            Map.of("rig", listener),
            Map.of("app", cluster),
            Map.of("codec", slot),
            Set.of(extension),
            "");
    loop.adopt(next, () -> worker.clusters().begin(next), (moving, slice) -> {});
    while (worker.clusters().adoptSome()) {
      // There is more.
    }
    return chain;
  }

  /** A client's connection; the codec that speaks for the client. */
  ScriptedCodec client() {
    StreamChain chain = publish();
    var _ =
        new Downstream(
            worker,
            "rig",
            chain,
            chain.codecs().getFirst(),
            stats.tally("listener.rig"),
            this::accepted,
            () -> {});
    arrive(wire());
    return servers.getLast();
  }

  private Wire accepted(WireOwner owner) {
    Wire made = new Wire(loop, socket, owner);
    wire = made;
    accepted.add(made);
    return made;
  }

  /** The client's wire. */
  Wire wire() {
    Wire made = wire;
    if (made == null) {
      throw new IllegalStateException("no client yet");
    }
    return made;
  }

  /** A byte comes that means nothing, so that there is a codec. */
  void arrive(Wire on) {
    ByteBuf one = loop.allocator().directBuffer(1).writeByte('x');
    on.received(one);
    ByteBuf unread = on.unread();
    if (unread != null) {
      unread.skipBytes(unread.readableBytes());
      on.trimUnread();
    }
  }

  /** Lets the wheel turn until so long after now; now stays the loop's. */
  void wait(Duration time) {
    loop.wheel().advance(loop.now() + time.toNanos() + 2 * Wheel.TICK_NANOS);
  }

  private void connect(
      Loop on,
      InetSocketAddress to,
      Duration t,
      int b,
      WireOwner owner,
      Connector.Outcome outcome) {
    connects.add(outcome);
    if (connectsAtOnce) {
      connected(outcome, owner);
    }
  }

  private void connected(Connector.Outcome outcome, WireOwner owner) {
    TestConduit conduit = new TestConduit();
    Wire made = new Wire(loop, conduit, owner);
    upstreams.add(conduit);
    upstreamWires.add(made);
    outcome.connected(made);
  }

  /** A connect that waits comes through. */
  void connected() {
    connected(connects.removeFirst(), new NoOwner());
  }

  @Override
  public void close() {
    accepted.forEach(Wire::gone);
    upstreamWires.forEach(Wire::gone);
    logs.close();
  }

  // ---- the codec's plan

  @Override
  public Recognition recognise(ByteBuf first) {
    return Recognition.MATCH;
  }

  @Override
  public boolean isMultiplexed() {
    return multiplexed;
  }

  @Override
  public ServerCodec server(ServerCodecHost host) {
    servers.add(new ScriptedCodec(host));
    return servers.getLast();
  }

  @Override
  public ClientCodec client(ClientCodecHost host) {
    clients.add(new ScriptedCodec(host));
    clients.getLast().vacancies = vacancies;
    return clients.getLast();
  }

  @Override
  public boolean reads(StateRecord record) {
    return false;
  }

  @Override
  public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
    return server(host);
  }

  @Override
  public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
    return client(host);
  }

  @Override
  public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    ResponseHead head = new ResponseHead();
    head.status(
        switch (reply.kind()) {
          case UPSTREAM_TIMEOUT -> 504;
          case REQUEST_TIMEOUT -> 408;
          default -> 503;
        });
    return new LocalAnswer(head, new byte[0]);
  }

  @Override
  public List<CodecRehearsal> rehearsals() {
    return List.of();
  }

  /** All requests go one way. */
  private record Routes(RouteDecision decision) implements RouterPlan {
    @Override
    public RouteDecision route(RequestHead head, int random) {
      return decision;
    }

    @Override
    public List<RequestHead> rehearsals() {
      return List.of();
    }
  }

  /** Owns a wire until its connection is there. */
  private static final class NoOwner implements WireOwner {
    @Override
    public void bytes() {}

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void closed(dev.osprey.spi.message.Reset why) {}
  }
}
