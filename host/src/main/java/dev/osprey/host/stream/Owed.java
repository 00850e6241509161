package dev.osprey.host.stream;

import org.jspecify.annotations.Nullable;

/**
 * What came from either side of an exchange and its receiver has no room for yet, in bytes: its
 * sender may send as much again when there is room, and is paused until then.
 */
final class Owed {
  private final Exchange exchange;
  private final Downstream downstream;
  private final int stream;
  private int request;
  private int response;

  Owed(Exchange exchange, Downstream downstream, int stream) {
    this.exchange = exchange;
    this.downstream = downstream;
    this.stream = stream;
  }

  /** In both directions together. */
  int bytes() {
    return request + response;
  }

  /** So much more of the request has come; null while there is no upstream. */
  void request(@Nullable Upstream target, int upstreamStream, int length) {
    request += length;
    if (target == null) {
      return;
    }
    if (target.canTake(upstreamStream)) {
      int taken = request;
      request = 0;
      downstream.credit(stream, taken);
    } else {
      downstream.pause();
      target.waiting().add(exchange);
    }
  }

  /** So much more of the answer has come; null when it is the proxy's own. */
  void response(@Nullable Upstream source, int upstreamStream, int length) {
    response += length;
    if (source == null) {
      return;
    }
    if (downstream.canTake(stream)) {
      int taken = response;
      response = 0;
      source.credit(upstreamStream, taken);
    } else {
      source.pause();
      downstream.waiting().add(exchange);
    }
  }
}
