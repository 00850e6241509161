package dev.osprey.codec.http2;

import java.time.Duration;

/**
 * How long a peer may be silent. Zero stands for no limit.
 *
 * @param pingInterval between one sign of life and the PING that asks for the next
 * @param pingTimeout from that PING until the connection ends, when nothing at all comes
 * @param flush how long a finished answer may wait for the client's window without progress, and
 *     what was written for its socket; what it is longer, up to twice as long, is chance
 * @param fieldBlock from the first part of a field block to its last
 */
record Timeouts(Duration pingInterval, Duration pingTimeout, Duration flush, Duration fieldBlock) {
  /** What holds when nothing is configured; that of the flush is Envoy's. */
  static final Timeouts DEFAULTS =
      new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(5), Duration.ofSeconds(10));

  /** True when peers are asked for signs of life. */
  boolean asksForLife() {
    return !pingInterval.isZero();
  }
}
