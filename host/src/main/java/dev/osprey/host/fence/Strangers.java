package dev.osprey.host.fence;

import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Factory;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Shows every fence two extensions of no bundle before the first of a bundle comes by.
 *
 * <p>HotSpot notes at each call the first two classes that it met there, and compiles code that
 * names them. If those are a bundle's, the host's own code keeps old versions alive (a concurrent
 * collector finds them named by code that runs), and every swap throws that code away. Two
 * strangers take both places: a call on an extension is one through its interface, whatever version
 * comes (docs/decisions/0014-strangers.md).
 */
public final class Strangers {
  static final StateRecord RECORD = StateRecord.empty("stranger", 1);
  static final LocalAnswer ANSWER = new LocalAnswer(new ResponseHead(), new byte[0]);
  static final Probe PROBE = new Probe(new RequestHead(), new byte[0]);

  // A call is noted from its method's 200th run on by compiled code, from the 400th by the
  // interpreter (-XX:Tier3InvocationThreshold, -XX:Tier0ProfilingStartPercentage); to compile
  // takes a while too.
  private static final int TIMES = 1_000;

  private static final Reset WHY = Reset.byHost(Reset.Reason.EXTENSION_FAILURE, "stranger");

  private static final CodecFence.Owner OWNER =
      new CodecFence.Owner() {
        @Override
        public void broken(Reset why) {}

        @Override
        public boolean holds(ByteBuf data) {
          return true;
        }
      };

  private Strangers() {}

  /** What stands behind the fences once. */
  record Plans(
      CodecPlan codec,
      StreamFilterPlan filter,
      Callable<Verdict> work,
      Function<Verdict, Verdict> then,
      ByteTerminalPlan terminal,
      RouterPlan router,
      LoadBalancerPlan policy,
      LoadBalancer picks,
      AccessLogPlan log,
      HealthCheckPlan check) {

    static Plans of(StrangeCodec codec, Stranger all) {
      return new Plans(codec, all, all, all, all, all, all, all, all, all);
    }
  }

  /** Lets them through every fence, often enough to be noted; takes about 20 ms of a start. */
  public static void meet() {
    Plans one = Plans.of(new StrangeCodec(), new Stranger());
    Plans other = Plans.of(new StrangeCodec.Other(), new Stranger.Other());
    often(data -> {
      meet(one, data);
      meet(other, data);
    });
  }

  /** Lets them through the fence of a rehearsal, before the first; on its thread. */
  public static void meetInRehearsal() {
    CodecPlan one = new StrangeCodec();
    CodecPlan other = new StrangeCodec.Other();
    often(data -> {
      rehearse(one, data);
      rehearse(other, data);
    });
  }

  private static void often(Consumer<ByteBuf> meeting) {
    ByteBuf data = PooledByteBufAllocator.DEFAULT.directBuffer(1);
    try {
      for (int i = 0; i < TIMES; i++) {
        meeting.accept(data);
      }
    } finally {
      data.release();
    }
  }

  /** Once through the fence of a rehearsal. */
  @SuppressWarnings("NullAway") // strangers look at nothing that they are given
  static void rehearse(CodecPlan plan, ByteBuf data) {
    var _ = OpenFence.isMultiplexed(plan);
    var _ = OpenFence.reads(plan, RECORD);
    var _ = OpenFence.answer(plan, null, null);
    OpenFence server = OpenFence.server(plan, null);
    server.respond(0, null, false);
    rehearse(server, data);
    rehearse(OpenFence.server(plan, RECORD, null), data);
    OpenFence client = OpenFence.client(plan, null);
    var _ = client.vacancies();
    var _ = client.request(null, false);
    rehearse(client, data);
    rehearse(OpenFence.client(plan, RECORD, null), data);
  }

  @SuppressWarnings("NullAway") // as above
  private static void rehearse(OpenFence codec, ByteBuf data) {
    var _ = codec.decode(data);
    codec.endOfInput(data);
    codec.data(0, data, false);
    codec.trailers(0, null);
    codec.reset(0, WHY);
    codec.credit(0, 1);
    var _ = codec.isWritable(0);
    var _ = codec.detach();
    codec.closed();
  }

  /** Once through every fence. */
  static void meet(Plans plans, ByteBuf data) {
    codec(bound(plans.codec()), data);
    filter(bound(plans.filter()), plans.work(), plans.then(), data);
    terminal(bound(plans.terminal()), data);
    others(plans, data);
  }

  @SuppressWarnings("NullAway") // strangers look at nothing that they are given
  private static void codec(Bound<CodecPlan> bound, ByteBuf data) {
    var _ = CodecFence.isMultiplexed(bound);
    var _ = CodecFence.recognise(bound, data);
    var _ = CodecFence.reads(bound, RECORD);
    var _ = CodecFence.answer(bound, null, null);
    server(CodecFence.server(bound, null, null, OWNER), data);
    server(CodecFence.server(bound, RECORD, null, OWNER), data);
    client(CodecFence.client(bound, null, null, OWNER), data);
    client(CodecFence.client(bound, RECORD, null, OWNER), data);
  }

  @SuppressWarnings("NullAway") // as above
  private static void server(CodecFence codec, ByteBuf data) {
    codec.respond(0, null, false);
    codec.requestTimedOut();
    both(codec, data);
  }

  @SuppressWarnings("NullAway") // as above
  private static void client(CodecFence codec, ByteBuf data) {
    var _ = codec.vacancies();
    var _ = codec.isReady();
    var _ = codec.request(null, false);
    both(codec, data);
  }

  @SuppressWarnings("NullAway") // as above
  private static void both(CodecFence codec, ByteBuf data) {
    var _ = codec.decode(data);
    codec.endOfInput(data);
    codec.data(0, data, false);
    codec.trailers(0, null);
    codec.reset(0, WHY);
    codec.credit(0, 1);
    codec.wake();
    var _ = codec.isWritable(0);
    var _ = codec.isAtRest();
    codec.goodbye();
    var _ = codec.closesAfterGoodbye();
    var _ = codec.detach();
    codec.closed();
  }

  @SuppressWarnings("NullAway") // as above
  private static void filter(
      Bound<StreamFilterPlan> bound,
      Callable<Verdict> work,
      Function<Verdict, Verdict> then,
      ByteBuf data) {
    FilterFence filter = FilterFence.open(bound, null);
    var _ = filter.requestHead(null, false);
    var _ = filter.requestData(data, false);
    var _ = filter.requestTrailers(null);
    var _ = filter.responseHead(null, false);
    var _ = filter.responseData(data, false);
    var _ = filter.responseTrailers(null);
    var _ = filter.work(work, then).apply(filter);
    filter.ended();
  }

  @SuppressWarnings("NullAway") // as above
  private static void terminal(Bound<ByteTerminalPlan> bound, ByteBuf data) {
    var _ = TerminalFence.reads(bound, RECORD);
    TerminalFence terminal = TerminalFence.around(bound, null, null, OWNER);
    terminal.opened();
    terminal.connected();
    terminal.connectFailed(WHY);
    terminal.fromDownstream(data);
    terminal.fromUpstream(data);
    terminal.downstreamEnded();
    terminal.upstreamEnded();
    terminal.idle();
    var _ = terminal.detach();
    var _ = TerminalFence.around(bound, RECORD, null, OWNER);
  }

  @SuppressWarnings("NullAway") // as above
  private static void others(Plans plans, ByteBuf data) {
    Bound<RouterPlan> router = bound(plans.router());
    var _ = PlanFence.route(router, null, 0);
    var _ = PlanFence.maxDuration(router, null, null);
    var _ = PlanFence.pick(new Balancer(bound(plans.policy()), plans.picks()), null, 0, 1);
    PlanFence.log(bound(plans.log()), null, data);
    Bound<HealthCheckPlan> check = bound(plans.check());
    var _ = PlanFence.probe(check, "");
    var _ = PlanFence.fault(check, null, new byte[0], null);
  }

  private static <P> Bound<P> bound(P plan) {
    return new Bound<>(plan, NOBODY, "");
  }

  static final Extension NOBODY =
      new Extension(
          "stranger",
          new Factory() {
            @Override
            public String name() {
              return "stranger";
            }

            @Override
            public List<String> configTypes() {
              return List.of();
            }
          },
          "dev.osprey.host",
          "0",
          0,
          "",
          1);
}
