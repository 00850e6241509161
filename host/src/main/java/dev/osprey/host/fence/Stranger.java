package dev.osprey.host.fence;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.lb.Weights;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Every kind but the codec, in one class that looks at nothing and does nothing. */
class Stranger
    implements StreamFilterPlan,
        StreamFilter,
        Callable<Verdict>,
        Function<Verdict, Verdict>,
        ByteTerminalPlan,
        ByteTerminal,
        RouterPlan,
        LoadBalancerPlan,
        LoadBalancer,
        AccessLogPlan,
        HealthCheckPlan {
  /** Another class, which to the compiler is another extension. */
  static final class Other extends Stranger {}

  @Override
  public List<RequestHead> rehearsals() {
    return List.of();
  }

  @Override
  public boolean reads(StateRecord record) {
    return true;
  }

  // ---- stream filter; what it does not override it inherits, from one class as from the other

  @Override
  public StreamFilter open(StreamSession stream) {
    return this;
  }

  @Override
  public Verdict call() {
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict apply(Verdict verdict) {
    return verdict;
  }

  // ---- byte terminal

  @Override
  public ByteTerminal open(ByteSession session) {
    return this;
  }

  @Override
  public ByteTerminal attach(StateRecord record, ByteSession session) {
    return this;
  }

  @Override
  public void opened() {}

  @Override
  public void connected() {}

  @Override
  public void connectFailed(Reset why) {}

  @Override
  public void fromDownstream(ByteBuf data) {}

  @Override
  public void fromUpstream(ByteBuf data) {}

  @Override
  public void downstreamEnded() {}

  @Override
  public void upstreamEnded() {}

  @Override
  public void idle() {}

  @Override
  public StateRecord detach() {
    return Strangers.RECORD;
  }

  // ---- router, balancer, access log, health check

  @Override
  public RouteDecision route(RequestHead head, int random) {
    return RouteDecision.NoRoute.INSTANCE;
  }

  @Override
  public LoadBalancer over(Weights weights) {
    return this;
  }

  @Override
  public int pick(LoadState state, int random) {
    return 0;
  }

  @Override
  public String target() {
    return AccessLogPlan.STDOUT;
  }

  @Override
  public void log(AccessRecord entry, ByteBuf line) {}

  @Override
  public Probe probe(String cluster) {
    return Strangers.PROBE;
  }

  @Override
  public Optional<String> fault(ResponseHead head, byte[] body, Fields trailers) {
    return Optional.empty();
  }
}
