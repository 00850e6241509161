package dev.osprey.host.stream;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.host.stats.Tally;
import dev.osprey.spi.message.Reset;
import java.time.Duration;

/** The timeouts of a client's connection and of its exchanges, on one timer. */
final class DownstreamTimes implements Wheel.Expiry {
  /** A codec instance at rest for this long is let go. */
  static final long REST_NANOS = Duration.ofSeconds(2).toNanos();

  private final Downstream connection;
  private final Loop loop;
  private final Wheel.Timer timer = new Wheel.Timer(this);
  private final long started;
  private long lastHeard;
  private long lastActive;
  private long headStarted;

  /** Its age limit has been reached, and it was told so. */
  private boolean left;

  DownstreamTimes(Downstream connection, Loop loop) {
    this.connection = connection;
    this.loop = loop;
    this.started = loop.now();
    this.lastHeard = started;
    this.lastActive = started;
  }

  long started() {
    return started;
  }

  void active() {
    lastHeard = loop.now();
    lastActive = lastHeard;
  }

  /** Bytes of a connection without streams: heartbeats and the like keep it no longer than idle. */
  void heard() {
    lastHeard = loop.now();
  }

  /** Whether the first bytes of a request wait for the rest of its head. */
  void headIsPartial(boolean partial) {
    if (!partial) {
      headStarted = 0;
    } else if (headStarted == 0) {
      headStarted = loop.now();
      arm();
    }
  }

  /** Nothing is open, or all of it may have other times: looks at all there is. */
  void arm() {
    loop.wheel().ensure(timer, nextDeadline(), loop.now());
  }

  /** Something is to be over by then. What comes later is found out when the timer fires. */
  void arm(long deadline) {
    loop.wheel().ensure(timer, deadline, loop.now());
  }

  void cancel() {
    loop.wheel().cancel(timer);
  }

  /** {@code start} and the timeout; never for a timeout of zero. */
  static long after(long start, Duration timeout) {
    return after(start, StreamOptions.nanos(timeout));
  }

  /** {@code start} and the timeout in nanoseconds; never for a timeout of zero. */
  static long after(long start, long timeout) {
    return timeout == 0 ? NEVER : start + timeout;
  }

  private long nextDeadline() {
    StreamTable streams = connection.streams();
    StreamOptions options = connection.chain().options();
    long aged = left ? NEVER : after(started, options.maxConnectionNanos());
    if (!streams.isEmpty()) {
      return Math.min(aged, streams.deadline());
    }
    long next = Math.min(after(lastActive, options.idleNanos()), aged);
    if (headStarted != 0) {
      next = Math.min(next, after(headStarted, options.requestHeadersNanos()));
    }
    long rest = lastHeard + REST_NANOS;
    return rest > loop.now() ? Math.min(next, rest) : next;
  }

  @Override
  public long expired(long now) {
    if (connection.isClosing()) {
      return NEVER;
    }
    StreamOptions options = connection.chain().options();
    if (!left && now >= after(started, options.maxConnectionNanos())) {
      left = true;
      connection.goodbye();
    } else if (connection.streams().isEmpty()) {
      checkConnection(now, options);
    } else {
      connection.streams().forEach(exchange -> exchange.checkTime(now));
    }
    return connection.isClosing() ? NEVER : nextDeadline();
  }

  private void checkConnection(long now, StreamOptions options) {
    if (headStarted != 0 && now >= after(headStarted, options.requestHeadersNanos())) {
      headStarted = 0;
      connection.tally().count(Tally.Metric.RQ_TIMEOUT);
      connection.requestTimedOut(Reset.byHost(Reset.Reason.TIMEOUT, "request head took too long"));
    } else if (now >= after(lastActive, options.idleNanos())) {
      connection.closeQuietly(Reset.byHost(Reset.Reason.TIMEOUT, "idle"));
    } else if (now >= lastHeard + REST_NANOS) {
      connection.rest();
    }
  }
}
