package dev.osprey.host.stream;

import dev.osprey.host.fence.PlanFence;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer on their way through the proxy: the stream machine. Lives on the client
 * connection's strand, from the head of the request to the end of the answer.
 */
final class Exchange {
  private final Worker worker;
  private final Downstream downstream;
  private final int stream;
  private final @Nullable RequestHead request;
  private final ExchangeRecord log;
  private final Owed owed;
  private @Nullable RequestBacklog backlog;
  private @Nullable FilterRun filters;

  private final Attempts attempts = new Attempts(this);
  private @Nullable Upstream upstream;
  private int upstreamStream;
  private boolean requestEnded;
  private boolean requestPassed;
  private boolean responseReceived;
  private boolean responseEnded;
  private boolean answering;
  private boolean replayable = true;
  private boolean tunnel;
  private boolean done;
  private long lastActive;

  Exchange(Worker worker, Downstream downstream, int stream, @Nullable RequestHead request) {
    this.worker = worker;
    this.downstream = downstream;
    this.stream = stream;
    this.request = request;
    this.log = new ExchangeRecord(downstream, request, worker.loop());
    this.owed = new Owed(this, downstream, stream);
    this.lastActive = worker.loop().now();
    ExchangeRecord.countIn(downstream.tally());
  }

  // ---- the request

  void begin(boolean end) {
    if (end) {
      requestEnded();
    }
    RequestHead head = request;
    if (head != null && RequestBound.isExceededBy(head, downstream)) {
      reply(RequestBound.TOO_LARGE);
      return;
    }
    List<Slot<StreamFilterPlan>> plans = downstream.chain().filters();
    if (head == null || plans.isEmpty()) {
      requestHeadPassed(end);
    } else {
      filters = FilteredExchange.run(this, log, downstream, worker.loop(), head, plans);
      filters.begin(end);
      timesChanged();
    }
  }

  /** The request's head has passed the filters. */
  void requestHeadPassed(boolean end) {
    RequestHead head = request;
    if (head != null) {
      route(head, end);
      timesChanged();
    }
  }

  private void route(RequestHead head, boolean end) {
    requestPassed = end;
    Bound<RouterPlan> router = downstream.chain().router().pick(worker.loop().random());
    switch (PlanFence.route(router, head, worker.loop().random())) {
      case RouteDecision.Forward forward when !Routing.limit(log, router, head, forward) ->
          reply(LocalReply.of(LocalReply.Kind.EXTENSION_FAILURE, "the router failed"));
      case RouteDecision.Forward forward -> forward(forward, head);
      case RouteDecision.Answer answer -> reply(answer.reply());
      case RouteDecision.NoRoute ignored ->
          reply(LocalReply.of(LocalReply.Kind.NO_ROUTE, "no route"));
    }
  }

  private void forward(RouteDecision.Forward forward, RequestHead head) {
    log.route(forward);
    ClusterState target = worker.clusters().find(forward.cluster());
    if (target == null) {
      reply(Replies.noUpstream(forward.cluster().name()));
      return;
    }
    if (!attempts.admit(target, downstream.upstreamSlot())) {
      reply(LocalReply.of(LocalReply.Kind.OVERFLOW, "too many requests"));
      return;
    }
    Routing.rewrite(head, forward.rewrite());
    acquire();
  }

  private void acquire() {
    attempts.next(false);
    if (attempts.isWaiting() && !requestEnded) {
      downstream.pause();
    }
  }

  void requestData(@Owned ByteBuf data, boolean end) {
    int length = data.readableBytes();
    log.received(length);
    lastActive = worker.loop().now();
    if (!answering && !tunnel && RequestBound.isExceededBy(log, downstream)) {
      replyInstead(RequestBound.TOO_LARGE, RequestBound.CUT);
    }
    if (done || responseEnded || answering) {
      data.release();
      downstream.credit(stream, length);
      return;
    }
    if (end) {
      bodyEnded();
    }
    FilterRun run = filters;
    if (run == null) {
      requestDataPassed(data, end, length);
    } else {
      run.requestData(data, end);
    }
  }

  void requestDataPassed(@Owned ByteBuf data, boolean end, int received) {
    requestPassed |= end;
    Upstream target = upstream;
    if (target == null) {
      backlog().data(data, end);
      owed.request(null, 0, received);
      return;
    }
    if (replayable && !backlog().keep(target, data, end)) {
      forgetRequest();
    }
    target.data(upstreamStream, data, end);
    owed.request(upstream, upstreamStream, received);
    tunnelMayEnd();
  }

  void requestTrailers(Fields trailers) {
    if (done || responseEnded || answering) {
      return;
    }
    bodyEnded();
    FilterRun run = filters;
    if (run == null) {
      requestTrailersPassed(trailers);
    } else {
      run.requestTrailers(trailers);
    }
  }

  void requestTrailersPassed(Fields trailers) {
    requestPassed = true;
    Upstream target = upstream;
    if (target == null || replayable) {
      backlog().trailers(trailers);
    }
    if (target != null) {
      target.trailers(upstreamStream, trailers);
    }
  }

  /** From now on there is no other attempt. */
  private void forgetRequest() {
    replayable = false;
    if (backlog != null) {
      backlog.release();
      backlog = null;
    }
  }

  private RequestBacklog backlog() {
    if (backlog == null) {
      backlog = new RequestBacklog();
    }
    return backlog;
  }

  private void bodyEnded() {
    requestEnded();
    timesChanged();
  }

  private void requestEnded() {
    requestEnded = true;
    log.requestEnded();
  }

  void badRequest(LocalReply reply) {
    requestEnded();
    replyInstead(reply, Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, reply.detail()));
  }

  // ---- what filters want

  /** Lets the upstream go and answers in its place; cuts the stream when that is too late. */
  void replyInstead(LocalReply reply, Reset otherwise) {
    if (!done && log.response() == null) {
      leaveUpstream(otherwise);
      reply(reply);
    } else {
      resetBoth(otherwise);
    }
  }

  /** Ends both sides so that it shows. */
  void resetBoth(Reset why) {
    if (!done) {
      leaveUpstream(why);
      cut(why);
    }
  }

  /** A filter holds one direction; its sender is slowed down. */
  void paused(boolean isRequest) {
    Upstream source = upstream;
    if (!isRequest && source != null) {
      source.pause();
    } else if (isRequest && !requestEnded) {
      downstream.pause();
    }
    timesChanged();
  }

  /** It goes on. */
  void resumed(boolean isRequest) {
    lastActive = worker.loop().now();
    if (isRequest && !done) {
      resumeDownstream();
    } else {
      downstreamWritable();
    }
  }

  private boolean isRequestHeld() {
    return filters != null && filters.isRequestHeld();
  }

  /** Ends the stream if one of its filters runs this code; politely if nothing was answered yet. */
  void evict(Extension extension, Reset why) {
    FilterRun run = filters;
    if (!done && run != null && run.runsOn(extension)) {
      // They are asked no more: the answer must not wait for the very code that has to go.
      filters = null;
      run.end();
      replyInstead(LocalReply.of(LocalReply.Kind.UNAVAILABLE, why.detail()), why);
    }
  }

  /** Reads on from the client, when nothing that comes from there has to wait. */
  private void resumeDownstream() {
    Upstream target = upstream;
    if (target == null || isRequestHeld()) {
      return;
    }
    if (target.canTake(upstreamStream)) {
      downstream.resume();
    } else {
      target.waiting().add(this);
    }
  }

  // ---- the upstream

  /** An upstream connection with a vacancy: send what we have. */
  void upstreamReady(Upstream chosen) {
    RequestHead head = request;
    if (done || head == null) {
      return;
    }
    upstream = chosen;
    log.upstream(chosen.endpoint());
    RequestBacklog waited = backlog;
    boolean end = requestPassed && waited == null;
    upstreamStream = chosen.request(this, head, end);
    if (done || upstream != chosen) {
      return;
    }
    if (waited != null && !waited.sendTo(chosen, upstreamStream)) {
      forgetRequest();
    }
    owed.request(upstream, upstreamStream, 0);
    if (!requestEnded) {
      resumeDownstream();
    }
  }

  /** The upstream ended the stream before its time. */
  void upstreamReset(Reset why) {
    if (done) {
      return;
    }
    dropUpstream();
    if (responseReceived || answering) {
      return;
    }
    if (log.response() == null && replayable && why.retryable() && attempts.mayRetry()) {
      acquire();
      return;
    }
    log.reset(why);
    if (log.response() != null) {
      cut(why);
    } else {
      reply(Replies.to(why));
    }
  }

  /** True as long as the upstream's final answer has not begun. */
  boolean isUnanswered() {
    return !log.hasAnswerBegun();
  }

  private @Nullable Upstream dropUpstream() {
    Upstream former = upstream;
    upstream = null;
    if (former != null) {
      former.waiting().remove(this);
    }
    return former;
  }

  private void leaveUpstream(Reset why) {
    Upstream target = dropUpstream();
    if (target != null && requestPassed && responseReceived) {
      target.finished(upstreamStream, false);
    } else if (target != null) {
      target.cancel(upstreamStream, why);
    } else {
      attempts.forget();
    }
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
    log.answerBegins();
    FilterRun run = filters;
    if (run == null) {
      responseHeadPassed(head, end);
    } else {
      responseReceived = end;
      run.responseHead(head, end);
    }
  }

  void responseHeadPassed(ResponseHead head, boolean end) {
    forgetRequest();
    log.response(head);
    if (head.opensTunnel()) {
      tunnel = true;
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

  void responseDataPassed(@Owned ByteBuf data, boolean end, int received) {
    log.sent(data.readableBytes());
    responseEnded = end;
    downstream.data(stream, data, end);
    if (end && !isTunnel()) {
      finish();
      return;
    }
    owed.response(upstream, upstreamStream, received);
    tunnelMayEnd();
  }

  private void tunnelMayEnd() {
    if (!done && requestPassed && responseEnded && isTunnel()) {
      finish();
    }
  }

  /** True when both directions go on without each other; false when the client's codec refused. */
  private boolean isTunnel() {
    return tunnel && (downstream.isTunnel() || downstream.isMultiplexed());
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

  void responseTrailersPassed(Fields trailers) {
    responseEnded = true;
    downstream.trailers(stream, trailers);
    finish();
  }

  void downstreamWritable() {
    Upstream source = upstream;
    if (source != null && !done) {
      owed.response(source, upstreamStream, 0);
      if (downstream.canTake(stream) && (filters == null || !filters.isResponseHeld())) {
        source.resume();
      }
    }
  }

  void upstreamWritable() {
    if (!done) {
      owed.request(upstream, upstreamStream, 0);
      resumeDownstream();
    }
  }

  /** Answers without (or instead of) an upstream. */
  void reply(LocalReply reply) {
    log.local(reply);
    answering = true;
    LocalAnswer answer = downstream.answer(Replies.forClient(reply), request);
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
    }
    finish();
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
    forgetRequest();
    if (filters != null) {
      filters.end();
    }
    Upstream target = dropUpstream();
    if (target == null) {
      attempts.forget();
    } else if (requestPassed) {
      target.finished(upstreamStream, isTunnel());
    } else {
      target.cancel(upstreamStream, Replies.ANSWERED);
    }
    downstream.waiting().remove(this);
    attempts.finished(log);
    log.addTo(downstream.tally());
    AccessLogging.log(worker, downstream.chain().logs(), log);
    downstream.finished(stream);
  }

  // ---- time

  /** It may have an earlier deadline than it had. */
  private void timesChanged() {
    if (!done) {
      downstream.endsBy(deadline());
    }
  }

  /** What came and has to wait, in bytes. */
  int owedBytes() {
    return owed.bytes();
  }

  long deadline() {
    long next = ExchangeTimes.deadline(downstream, log, lastActive, answering, isTunnel());
    FilterRun run = filters;
    return run == null ? next : Math.min(next, run.deadline());
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
    } else {
      LocalReply late = ExchangeTimes.late(log, now);
      replyInstead(late, Reset.byHost(Reset.Reason.TIMEOUT, late.detail()));
    }
  }
}
