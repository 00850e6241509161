package dev.osprey.host.stream;

import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;

/** How large a request's body may be ({@code max_request_bytes} of its terminal). */
final class RequestBound {
  /** What is said of one that is larger. */
  static final LocalReply TOO_LARGE = LocalReply.badRequest(413, "the request's body is too large");

  /** What becomes of one that is found larger after its answer has begun. */
  static final Reset CUT = Reset.byHost(Reset.Reason.OVERFLOW, TOO_LARGE.detail());

  private RequestBound() {}

  /** Whether a head announces more than there may be. */
  static boolean isExceededBy(RequestHead head, Downstream downstream) {
    int bound = downstream.chain().options().maxRequestBytes();
    return bound > 0 && head.bodyLength() > bound;
  }

  /** Whether more has come than there may be. */
  static boolean isExceededBy(ExchangeRecord log, Downstream downstream) {
    int bound = downstream.chain().options().maxRequestBytes();
    return bound > 0 && log.bytesReceived() > bound;
  }
}
