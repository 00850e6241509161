package dev.osprey.host.stream;

import dev.osprey.host.plan.StreamOptions;
import dev.osprey.spi.message.LocalReply;

/** When an exchange has taken too long; on the loop's clock. */
final class ExchangeTimes {
  private ExchangeTimes() {}

  /** What is answered then. */
  static LocalReply late(ExchangeRecord log, long now) {
    boolean unfinished = log.requestEndNanos() < 0;
    if (log.end() <= now) {
      return LocalReply.of(
          unfinished ? LocalReply.Kind.REQUEST_TIMEOUT : LocalReply.Kind.UPSTREAM_TIMEOUT,
          "the stream's time is up");
    }
    return unfinished
        ? LocalReply.of(LocalReply.Kind.REQUEST_TIMEOUT, "the request took too long")
        : LocalReply.of(LocalReply.Kind.UPSTREAM_TIMEOUT, "the upstream took too long");
  }

  /**
   * The first of its timeouts.
   *
   * @param answering true when the proxy answers itself: then only silence counts
   * @param tunnel true when the answer has opened a tunnel: the route's timeout is over then
   */
  static long deadline(
      Downstream downstream,
      ExchangeRecord log,
      long lastActive,
      boolean answering,
      boolean tunnel) {
    StreamOptions options = downstream.chain().options();
    long own = log.routeIdleNanos();
    long next = DownstreamTimes.after(lastActive, own < 0 ? options.streamIdleNanos() : own);
    long requestEnd = log.requestEndNanos();
    if (answering) {
      return next;
    }
    next = Math.min(next, log.end());
    if (requestEnd < 0) {
      return Math.min(next, DownstreamTimes.after(log.started(), options.requestNanos()));
    }
    return tunnel
        ? next
        : Math.min(next, DownstreamTimes.after(log.started() + requestEnd, log.routeNanos()));
  }
}
