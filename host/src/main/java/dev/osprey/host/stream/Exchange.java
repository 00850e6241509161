package dev.osprey.host.stream;

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
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer on their way through the proxy: the stream machine. Lives on the client
 * connection's strand, from the head of the request to the end of the answer.
 */
final class Exchange {
  private static final Reset ANSWERED =
      Reset.byHost(Reset.Reason.CANCELLED, "the answer ended before the request");

  private final Worker worker;
  private final Downstream downstream;
  private final int stream;
  private final @Nullable RequestHead request;
  private final ExchangeRecord log;
  private @Nullable RequestBacklog backlog;

  private RouteDecision.@Nullable Forward route;
  private @Nullable ClusterState cluster;
  private @Nullable Upstream upstream;
  private int upstreamStream;
  private int attempts;
  private boolean waiting;
  private boolean requestEnded;
  private boolean responseEnded;
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
    Upstream target = upstream;
    if (done || responseEnded) {
      data.release();
      downstream.credit(stream, length);
      return;
    }
    if (end) {
      requestEnded();
    }
    if (target == null) {
      backlog().data(data, end);
      owedRequest += length;
      return;
    }
    replayable = false;
    target.data(upstreamStream, data, end);
    creditRequest(length);
    tunnelMayEnd();
  }

  void requestTrailers(Fields trailers) {
    if (done || responseEnded) {
      return;
    }
    requestEnded();
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
    boolean end = requestEnded && waited == null;
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
    if (!requestEnded && chosen.canTake(upstreamStream)) {
      downstream.resume();
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
    if (target != null) {
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
    log.response(head);
    if (head.opensTunnel()) {
      requestEnded = false;
    }
    responseEnded = end;
    downstream.respond(stream, head, end);
    if (end) {
      finish();
    } else {
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
    log.sent(length);
    responseEnded = end;
    downstream.data(stream, data, end);
    if (end && !downstream.isTunnel()) {
      finish();
      return;
    }
    creditResponse(length);
    tunnelMayEnd();
  }

  private void tunnelMayEnd() {
    if (!done && requestEnded && responseEnded && downstream.isTunnel()) {
      finish();
    }
  }

  void responseTrailers(Fields trailers) {
    if (!done) {
      responseEnded = true;
      downstream.trailers(stream, trailers);
      finish();
    }
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
      if (downstream.canTake(stream)) {
        source.resume();
      }
    }
  }

  void upstreamWritable() {
    if (!done) {
      creditRequest(0);
      if (upstream != null && upstream.canTake(upstreamStream)) {
        downstream.resume();
      }
    }
  }

  /** Answers without (or instead of) an upstream. */
  private void reply(LocalReply reply) {
    log.local(reply);
    LocalAnswer answer = downstream.answer(reply, request);
    if (answer == null) {
      cut(Reset.byHost(Reset.Reason.EXTENSION_FAILURE, reply.detail()));
      return;
    }
    log.response(answer.head());
    responseEnded = true;
    byte[] body = answer.body();
    log.sent(body.length);
    downstream.respond(stream, answer.head(), body.length == 0);
    if (body.length > 0 && !done) {
      downstream.data(stream, Unpooled.wrappedBuffer(body), true);
    }
    finish();
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
    Upstream target = upstream;
    if (target != null && !requestEnded) {
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
    if (done || deadline() > now) {
      return;
    }
    if (log.requestEndNanos() < 0) {
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
