package dev.osprey.host.stream;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilterPlan;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** An exchange as its filters' run sees it. */
record FilteredExchange(Exchange exchange, ExchangeRecord log) implements FilterRun.Owner {
  /** The filters of an exchange that begins. */
  static FilterRun run(
      Exchange exchange,
      ExchangeRecord log,
      Downstream downstream,
      Loop loop,
      RequestHead head,
      List<Slot<StreamFilterPlan>> plans) {
    FilteredExchange owner = new FilteredExchange(exchange, log);
    return new FilterRun(owner, downstream, loop, head, plans);
  }

  @Override
  public void requestHeadPassed(boolean end) {
    exchange.requestHeadPassed(end);
  }

  @Override
  public void requestDataPassed(@Owned ByteBuf data, boolean end, int received) {
    exchange.requestDataPassed(data, end, received);
  }

  @Override
  public void requestTrailersPassed(Fields trailers) {
    exchange.requestTrailersPassed(trailers);
  }

  @Override
  public void responseHeadPassed(ResponseHead head, boolean end) {
    exchange.responseHeadPassed(head, end);
  }

  @Override
  public void responseDataPassed(@Owned ByteBuf data, boolean end, int received) {
    exchange.responseDataPassed(data, end, received);
  }

  @Override
  public void responseTrailersPassed(Fields trailers) {
    exchange.responseTrailersPassed(trailers);
  }

  @Override
  public void filterReplied(LocalReply reply) {
    boolean failed = reply.kind() == LocalReply.Kind.EXTENSION_FAILURE;
    Reset.Reason reason = failed ? Reset.Reason.EXTENSION_FAILURE : Reset.Reason.CANCELLED;
    exchange.replyInstead(reply, Reset.byHost(reason, reply.detail()));
  }

  @Override
  public void filterReset(Reset why) {
    exchange.resetBoth(why);
  }

  @Override
  public void paused(boolean isRequest) {
    exchange.paused(isRequest);
  }

  @Override
  public void resumed(boolean isRequest) {
    exchange.resumed(isRequest);
  }

  @Override
  public void responseKept(ResponseHead copy) {
    log.keep(copy);
  }
}
