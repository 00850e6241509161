package dev.osprey.host.stream;

import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.stream.StreamFilterPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer on their way through the proxy: the stream machine. Lives on the client
 * connection's strand, from the head of the request to the end of the answer.
 */
final class Exchange implements FilterRun.Owner {
  private static final Reset ANSWERED =
      Reset.byHost(Reset.Reason.CANCELLED, "the answer ended before the request");

  private final Worker worker;
  private final Downstream downstream;
  private final int stream;
  private final @Nullable RequestHead request;
  private final ExchangeRecord log;
  private @Nullable RequestBacklog backlog;
  private @Nullable FilterRun filters;

  private RouteDecision.@Nullable Forward route;
  private @Nullable ClusterState cluster;
  private @Nullable Upstream upstream;
  private int upstreamStream;
  private int attempts;
  private boolean waiting;
  private boolean requestEnded;
  private boolean requestPassed;
  private boolean responseReceived;
  private boolean responseEnded;
  private boolean answering;
  private boolean replayable = true;
  private boolean done;
  private int owedRequest;
  private int owedResponse;
  private long lastActive;

  Exchange(Worker worker, Downstream downstream, int stream, @Nullable RequestHead request) {
    this.worker = worker;
    this.downstream = downstream;
    this.stream = stream;
    this.request = request;
    this.log = new ExchangeRecord(downstream, request, worker.loop());
    this.lastActive = worker.loop().now();
    downstream.tally().count(Tally.Metric.RQ_TOTAL);
    downstream.tally().count(Tally.Metric.RQ_ACTIVE);
  }

  // ---- the request

  void begin(boolean end) {
    if (end) {
      requestEnded();
    }
    RequestHead head = request;
    if (head == null) {
      return;
    }
    List<Slot<StreamFilterPlan>> plans = downstream.chain().filters();
    if (plans.isEmpty()) {
      route(head, end);
    } else {
      filter(head, end, plans);
    }
  }

  private void filter(RequestHead head, boolean end, List<Slot<StreamFilterPlan>> plans) {
    FilterRun run = new FilterRun(this, downstream, worker.loop(), head, plans);
    filters = run;
    Extension broken = run.broken();
    if (broken == null) {
      run.requestHead(end);
    } else {
      reply(
          LocalReply.of(
              LocalReply.Kind.EXTENSION_FAILURE,
              broken.name() + " " + broken.version() + " failed in open"));
    }
  }

  @Override
  public void requestHeadPassed(boolean end) {
    route(Objects.requireNonNull(request), end);
  }

  private void route(RequestHead head, boolean end) {
    requestPassed = end;
    switch (Routing.decide(downstream.chain().router(), head, worker.loop().random())) {
      case RouteDecision.Forward forward -> forward(forward, head);
      case RouteDecision.Answer answer -> reply(answer.reply());
      case RouteDecision.NoRoute ignored ->
          reply(LocalReply.of(LocalReply.Kind.NO_ROUTE, "no route"));
    }
  }

  private void forward(RouteDecision.Forward forward, RequestHead head) {
    route = forward;
    log.route(forward);
    ClusterState target = worker.clusters().find(forward.cluster());
    if (target == null || target.plan().endpoints().isEmpty()) {
      reply(
          LocalReply.of(
              LocalReply.Kind.NO_UPSTREAM, "no endpoint in cluster " + forward.cluster().name()));
      return;
    }
    if (!target.admit()) {
      reply(LocalReply.of(LocalReply.Kind.OVERFLOW, "too many requests"));
      return;
    }
    cluster = target;
    Routing.rewrite(head, forward.rewrite());
    acquire(target);
  }

  private void acquire(ClusterState target) {
    attempts++;
    waiting = true;
    target.acquire(this, downstream.slotName());
    if (waiting && !requestEnded) {
      downstream.pause();
    }
  }

  void requestData(@Owned ByteBuf data, boolean end) {
    int length = data.readableBytes();
    log.received(length);
    lastActive = worker.loop().now();
    if (done || responseEnded || answering) {
      data.release();
      downstream.credit(stream, length);
      return;
    }
    if (end) {
      requestEnded();
    }
    FilterRun run = filters;
    if (run == null) {
      requestDataPassed(data, end, length);
    } else {
      run.requestData(data, end);
    }
  }

  @Override
  public void requestDataPassed(@Owned ByteBuf data, boolean end, int received) {
    requestPassed |= end;
    Upstream target = upstream;
    if (target == null) {
      backlog().data(data, end);
      owedRequest += received;
      return;
    }
    replayable = false;
    target.data(upstreamStream, data, end);
    creditRequest(received);
    tunnelMayEnd();
  }

  void requestTrailers(Fields trailers) {
    if (done || responseEnded || answering) {
      return;
    }
    requestEnded();
    FilterRun run = filters;
    if (run == null) {
      requestTrailersPassed(trailers);
    } else {
      run.requestTrailers(trailers);
    }
  }

  @Override
  public void requestTrailersPassed(Fields trailers) {
    requestPassed = true;
    if (upstream == null) {
      backlog().trailers(trailers);
    } else {
      upstream.trailers(upstreamStream, trailers);
    }
  }

  private RequestBacklog backlog() {
    RequestBacklog kept = backlog;
    if (kept == null) {
      backlog = kept = new RequestBacklog();
    }
    return kept;
  }

  private void requestEnded() {
    requestEnded = true;
    log.requestEnded();
  }

  private void creditRequest(int length) {
    owedRequest += length;
    Upstream target = upstream;
    if (target == null) {
      return;
    }
    if (target.canTake(upstreamStream)) {
      int owed = owedRequest;
      owedRequest = 0;
      downstream.credit(stream, owed);
    } else {
      downstream.pause();
    }
  }

  void badRequest(LocalReply reply) {
    requestEnded();
    if (log.response() == null) {
      leaveUpstream(Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, reply.detail()));
      reply(reply);
    } else {
      log.detail(reply.detail());
      cut(Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, reply.detail()));
    }
  }

  // ---- what filters want

  @Override
  public void filterReplied(LocalReply reply) {
    if (done) {
      return;
    }
    if (log.response() == null) {
      leaveUpstream(ANSWERED);
      reply(reply);
      return;
    }
    boolean failed = reply.kind() == LocalReply.Kind.EXTENSION_FAILURE;
    filterReset(
        Reset.byHost(
            failed ? Reset.Reason.EXTENSION_FAILURE : Reset.Reason.CANCELLED, reply.detail()));
  }

  @Override
  public void filterReset(Reset why) {
    if (!done) {
      leaveUpstream(why);
      cut(why);
    }
  }

  @Override
  public void paused(boolean isRequest) {
    Upstream source = upstream;
    if (!isRequest && source != null) {
      source.pause();
    } else if (isRequest && !requestEnded) {
      downstream.pause();
    }
    downstream.timesChanged();
  }

  @Override
  public void resumed(boolean isRequest) {
    if (done) {
      return;
    }
    lastActive = worker.loop().now();
    if (isRequest) {
      resumeDownstream();
    } else {
      downstreamWritable();
    }
  }

  @Override
  public void responseKept(ResponseHead copy) {
    log.keep(copy);
  }

  private boolean isRequestHeld() {
    FilterRun run = filters;
    return run != null && run.isRequestHeld();
  }

  private boolean isResponseHeld() {
    FilterRun run = filters;
    return run != null && run.isResponseHeld();
  }

  boolean runsOn(Extension extension) {
    FilterRun run = filters;
    return run != null && run.runsOn(extension);
  }

  /** Reads on from the client, when nothing that comes from there has to wait. */
  private void resumeDownstream() {
    Upstream target = upstream;
    if (target != null && target.canTake(upstreamStream) && !isRequestHeld()) {
      downstream.resume();
    }
  }

  // ---- the upstream

  /** An upstream connection with a vacancy: send what we have. */
  void upstreamReady(Upstream chosen) {
    RequestHead head = request;
    if (done || head == null) {
      return;
    }
    waiting = false;
    upstream = chosen;
    log.upstream(chosen.endpoint());
    RequestBacklog waited = backlog;
    boolean end = requestPassed && waited == null;
    upstreamStream = chosen.request(this, head, end);
    if (done || upstream != chosen) {
      return;
    }
    if (waited != null) {
      replayable = false;
      backlog = null;
      waited.drainTo(chosen, upstreamStream);
    }
    creditRequest(0);
    if (!requestEnded) {
      resumeDownstream();
    }
  }

  /** No connection could be made to an endpoint. */
  void connectFailed(String why) {
    ClusterState target = cluster;
    if (target != null && attempts < Math.min(3, target.plan().endpoints().size())) {
      acquire(target);
      return;
    }
    waiting = false;
    reply(LocalReply.of(LocalReply.Kind.CONNECT_FAILURE, why));
  }

  void overflow() {
    waiting = false;
    reply(LocalReply.of(LocalReply.Kind.OVERFLOW, "too many pending requests"));
  }

  /** The upstream ended the stream before its time. */
  void upstreamReset(Reset why) {
    if (done) {
      return;
    }
    upstream = null;
    if (responseReceived || answering) {
      return;
    }
    ClusterState target = cluster;
    boolean again = log.response() == null && replayable && why.retryable() && attempts < 3;
    if (again && target != null) {
      acquire(target);
      return;
    }
    log.reset(why);
    if (log.response() != null) {
      cut(why);
    } else if (why.source() == Reset.Source.DOWNSTREAM) {
      reply(LocalReply.badRequest(400, why.detail()));
    } else {
      reply(LocalReply.of(kindOf(why), why.detail()));
    }
  }

  private static LocalReply.Kind kindOf(Reset why) {
    return switch (why.reason()) {
      case PROTOCOL_ERROR -> LocalReply.Kind.UPSTREAM_PROTOCOL_ERROR;
      case TIMEOUT -> LocalReply.Kind.UPSTREAM_TIMEOUT;
      case CONNECT_FAILURE -> LocalReply.Kind.CONNECT_FAILURE;
      case OVERFLOW -> LocalReply.Kind.OVERFLOW;
      case EXTENSION_FAILURE -> LocalReply.Kind.EXTENSION_FAILURE;
      case CANCELLED, TRUNCATED, CONNECTION_LOST, REFUSED, DRAINING ->
          LocalReply.Kind.UPSTREAM_RESET;
    };
  }

  private void leaveUpstream(Reset why) {
    Upstream target = upstream;
    upstream = null;
    if (target != null && requestPassed && responseReceived) {
      target.finished(upstreamStream, false);
    } else if (target != null) {
      target.cancel(upstreamStream, why);
    } else if (waiting && cluster != null) {
      cluster.forget(this);
    }
    waiting = false;
  }

  // ---- the answer

  void responseHead(ResponseHead head, boolean end) {
    if (done) {
      return;
    }
    lastActive = worker.loop().now();
    if (head.isInterim()) {
      downstream.respond(stream, head, false);
      return;
    }
    FilterRun run = filters;
    if (run == null) {
      responseHeadPassed(head, end);
    } else {
      responseReceived = end;
      run.responseHead(head, end);
    }
  }

  @Override
  public void responseHeadPassed(ResponseHead head, boolean end) {
    log.response(head);
    if (head.opensTunnel()) {
      requestEnded = requestPassed = false;
    }
    responseEnded = end;
    downstream.respond(stream, head, end);
    if (end) {
      finish();
    } else if (!answering && !isRequestHeld()) {
      downstream.resume();
    }
  }

  void responseData(@Owned ByteBuf data, boolean end) {
    int length = data.readableBytes();
    if (done) {
      data.release();
      return;
    }
    lastActive = worker.loop().now();
    downstream.active();
    FilterRun run = filters;
    if (run == null) {
      responseDataPassed(data, end, length);
    } else {
      responseReceived = end;
      run.responseData(data, end);
    }
  }

  @Override
  public void responseDataPassed(@Owned ByteBuf data, boolean end, int received) {
    log.sent(data.readableBytes());
    responseEnded = end;
    downstream.data(stream, data, end);
    if (end && !downstream.isTunnel()) {
      finish();
      return;
    }
    creditResponse(received);
    tunnelMayEnd();
  }

  private void tunnelMayEnd() {
    if (!done && requestPassed && responseEnded && downstream.isTunnel()) {
      finish();
    }
  }

  void responseTrailers(Fields trailers) {
    FilterRun run = filters;
    if (done) {
      return;
    }
    if (run == null) {
      responseTrailersPassed(trailers);
    } else {
      responseReceived = true;
      run.responseTrailers(trailers);
    }
  }

  @Override
  public void responseTrailersPassed(Fields trailers) {
    responseEnded = true;
    downstream.trailers(stream, trailers);
    finish();
  }

  private void creditResponse(int length) {
    owedResponse += length;
    Upstream source = upstream;
    if (source == null) {
      return;
    }
    if (downstream.canTake(stream)) {
      int owed = owedResponse;
      owedResponse = 0;
      source.credit(upstreamStream, owed);
    } else {
      source.pause();
    }
  }

  void downstreamWritable() {
    Upstream source = upstream;
    if (source != null && !done) {
      creditResponse(0);
      if (downstream.canTake(stream) && !isResponseHeld()) {
        source.resume();
      }
    }
  }

  void upstreamWritable() {
    if (!done) {
      creditRequest(0);
      resumeDownstream();
    }
  }

  /** Answers without (or instead of) an upstream. */
  private void reply(LocalReply reply) {
    log.local(reply);
    answering = true;
    LocalAnswer answer = downstream.answer(reply, request);
    if (answer == null) {
      cut(Reset.byHost(Reset.Reason.EXTENSION_FAILURE, reply.detail()));
      return;
    }
    byte[] body = answer.body();
    FilterRun run = filters;
    if (run == null) {
      responseHeadPassed(answer.head(), body.length == 0);
      if (body.length > 0 && !done) {
        responseDataPassed(Unpooled.wrappedBuffer(body), true, body.length);
      }
      return;
    }
    run.localReply();
    run.responseHead(answer.head(), body.length == 0);
    if (body.length > 0 && !done) {
      run.responseData(Unpooled.wrappedBuffer(body), true);
    }
  }

  /** Ends an answer that has begun so that it looks cut short. */
  private void cut(Reset why) {
    if (!done) {
      log.reset(why);
      responseEnded = true;
      downstream.reset(stream, why);
      finish();
    }
  }

  // ---- the end

  /** The client ended the stream, or its connection is gone. */
  void downstreamGone(Reset why) {
    if (!done && !responseEnded) {
      log.reset(why);
      leaveUpstream(why);
      finish();
    } else if (!done) {
      finish();
    }
  }

  /** The codec closes the connection: what is not answered by now never will be. */
  void downstreamClosing(Reset why) {
    if (!responseEnded) {
      downstreamGone(why);
    }
  }

  private void finish() {
    if (done) {
      return;
    }
    done = true;
    if (backlog != null) {
      backlog.release();
    }
    if (filters != null) {
      filters.end();
    }
    Upstream target = upstream;
    if (target != null && !requestPassed) {
      target.cancel(upstreamStream, ANSWERED);
    } else if (target != null) {
      target.finished(upstreamStream, downstream.isTunnel());
    } else {
      leaveUpstream(ANSWERED);
    }
    upstream = null;
    if (cluster != null) {
      cluster.finished(log.durationNanos(), log.status());
    }
    log.addTo(downstream.tally());
    AccessLogging.log(worker, downstream.chain().logs(), log);
    downstream.finished(stream);
  }

  // ---- time

  long deadline() {
    StreamOptions options = downstream.chain().options();
    long next = DownstreamTimes.after(lastActive, idleTimeout(options));
    FilterRun run = filters;
    if (run != null) {
      next = Math.min(next, run.deadline());
    }
    if (answering) {
      return next;
    }
    RouteDecision.Forward forward = route;
    long requestEnd = log.requestEndNanos();
    if (requestEnd >= 0 && forward != null && !downstream.isTunnel()) {
      next = Math.min(next, DownstreamTimes.after(log.started() + requestEnd, forward.timeout()));
    } else if (requestEnd < 0) {
      next = Math.min(next, DownstreamTimes.after(log.started(), options.requestTimeout()));
    }
    return next;
  }

  private Duration idleTimeout(StreamOptions options) {
    RouteDecision.Forward forward = route;
    Duration own = forward == null ? null : forward.idleTimeout();
    return own == null ? options.streamIdleTimeout() : own;
  }

  void checkTime(long now) {
    FilterRun run = filters;
    if (!done && run != null) {
      run.checkTime(now);
    }
    if (done || deadline() > now) {
      return;
    }
    if (answering) {
      cut(Reset.byHost(Reset.Reason.TIMEOUT, "the answer was held too long"));
    } else if (log.requestEndNanos() < 0) {
      timedOut(LocalReply.Kind.REQUEST_TIMEOUT, "the request took too long");
    } else {
      timedOut(LocalReply.Kind.UPSTREAM_TIMEOUT, "the upstream took too long");
    }
  }

  private void timedOut(LocalReply.Kind kind, String text) {
    Reset why = Reset.byHost(Reset.Reason.TIMEOUT, text);
    leaveUpstream(why);
    if (log.response() == null) {
      reply(LocalReply.of(kind, text));
    } else {
      cut(why);
    }
  }
}
