package dev.osprey.host.stream;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.route.RouteDecision;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is noted of an exchange while it runs: for the access log and the statistics. */
final class ExchangeRecord implements AccessRecord {
  private final Downstream downstream;
  private final @Nullable RequestHead request;
  private final Loop loop;
  private final long started;
  private final long startMillis = System.currentTimeMillis();
  private RouteDecision.@Nullable Forward route;
  private @Nullable SocketAddress endpoint;
  private @Nullable ResponseHead response;
  private long end = Wheel.Expiry.NEVER;
  private long routeNanos;
  private long routeIdleNanos = -1;
  private long requestEnd = -1;
  private long firstResponse = -1;
  private long bytesReceived;
  private boolean answerBegun;
  private long bytesSent;
  private LocalReply.@Nullable Kind local;
  private @Nullable Reset reset;
  private @Nullable String detail;

  ExchangeRecord(Downstream downstream, @Nullable RequestHead request, Loop loop) {
    this.downstream = downstream;
    this.request = request;
    this.loop = loop;
    this.started = loop.now();
  }

  /** When it began, on the loop's clock. */
  long started() {
    return started;
  }

  /** When it must be over, on the loop's clock; perhaps never. */
  long end() {
    return end;
  }

  void lasts(Duration longest) {
    if (!longest.isZero()) {
      end = DownstreamTimes.after(started, longest);
      downstream.endsBy(end);
    }
  }

  void route(RouteDecision.Forward forward) {
    route = forward;
    Duration idle = forward.idleTimeout();
    routeIdleNanos = idle == null ? -1 : StreamOptions.nanos(idle);
    routeNanos = StreamOptions.nanos(forward.timeout());
  }

  /** How long the route lets the upstream take, from the request's end; zero: as long as it may. */
  long routeNanos() {
    return routeNanos;
  }

  /** How long the route lets both sides be silent; zero: for ever, less: it says nothing. */
  long routeIdleNanos() {
    return routeIdleNanos;
  }

  void upstream(SocketAddress chosen) {
    endpoint = chosen;
  }

  void received(int bytes) {
    bytesReceived += bytes;
  }

  void sent(int bytes) {
    bytesSent += bytes;
  }

  void requestEnded() {
    requestEnd = loop.now() - started;
  }

  void response(ResponseHead head) {
    response = head;
    firstResponse = loop.now() - started;
  }

  /** The answer's head is this copy from now on; the codec may reuse its own. */
  void keep(ResponseHead copy) {
    if (response != null) {
      response = copy;
    }
  }

  void local(LocalReply reply) {
    local = reply.kind();
    detail = reply.detail();
  }

  void detail(String text) {
    detail = text;
  }

  void reset(Reset why) {
    reset = why;
    if (detail == null) {
      detail = why.detail();
    }
  }

  int status() {
    return response == null ? 0 : response.status();
  }

  /** The upstream's final answer begins; filters may hold it yet. */
  void answerBegins() {
    answerBegun = true;
  }

  boolean hasAnswerBegun() {
    return answerBegun;
  }

  /** Counts the exchange into a listener's numbers, at its beginning. */
  static void countIn(Tally tally) {
    tally.count(Tally.Metric.RQ_TOTAL);
    tally.count(Tally.Metric.RQ_ACTIVE);
  }

  /** Adds the finished exchange to a listener's numbers. */
  void addTo(Tally tally) {
    tally.add(Tally.Metric.RQ_ACTIVE, -1);
    tally.add(Tally.Metric.BYTES_RECEIVED, bytesReceived);
    tally.add(Tally.Metric.BYTES_SENT, bytesSent);
    tally.latency(durationNanos());
    tally.status(status());
    if (reset != null) {
      tally.count(Tally.Metric.RQ_RESET);
    }
    if (local != null) {
      tally.count(Tally.Metric.RQ_LOCAL);
    }
    if (local == LocalReply.Kind.UPSTREAM_TIMEOUT || local == LocalReply.Kind.REQUEST_TIMEOUT) {
      tally.count(Tally.Metric.RQ_TIMEOUT);
    }
  }

  @Override
  public long startMillis() {
    return startMillis;
  }

  @Override
  public @Nullable RequestHead request() {
    return request;
  }

  @Override
  public @Nullable ResponseHead response() {
    return response;
  }

  @Override
  public long bytesReceived() {
    return bytesReceived;
  }

  @Override
  public long bytesSent() {
    return bytesSent;
  }

  @Override
  public long requestEndNanos() {
    return requestEnd;
  }

  @Override
  public long firstResponseNanos() {
    return firstResponse;
  }

  @Override
  public long durationNanos() {
    return loop.now() - started;
  }

  @Override
  public LocalReply.@Nullable Kind localReply() {
    return local;
  }

  @Override
  public @Nullable String detail() {
    return detail;
  }

  @Override
  public @Nullable Reset reset() {
    return reset;
  }

  @Override
  public @Nullable String cluster() {
    return route == null ? null : route.cluster().name();
  }

  @Override
  public String route() {
    return route == null ? "" : route.route();
  }

  @Override
  public @Nullable SocketAddress upstream() {
    return endpoint;
  }

  @Override
  public SocketAddress peer() {
    return downstream.peer();
  }

  @Override
  public SocketAddress local() {
    return downstream.local();
  }

  @Override
  public long connection() {
    return downstream.id();
  }

  @Override
  public String listener() {
    return downstream.listener();
  }
}
