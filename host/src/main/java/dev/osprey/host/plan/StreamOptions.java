package dev.osprey.host.plan;

import java.time.Duration;

/**
 * Times of the stream terminal in nanoseconds, and its bound; zero means none.
 *
 * @param idleNanos a connection without an open stream (default 1 h, as Envoy's)
 * @param streamIdleNanos a stream without a byte in either direction (default 5 min)
 * @param requestHeadersNanos from the first byte of a request to the end of its head (default 10 s;
 *     Envoy's is none)
 * @param requestNanos from the head to the end of the request (default none)
 * @param maxConnectionNanos age after which a connection gets its goodbye (default none)
 * @param maxRequestBytes bytes of a request's body (default none)
 */
public record StreamOptions(
    long idleNanos,
    long streamIdleNanos,
    long requestHeadersNanos,
    long requestNanos,
    long maxConnectionNanos,
    int maxRequestBytes) {
  /** As much as a clock in nanoseconds can be asked to add: about a hundred years. */
  private static final long MOST_SECONDS = 100L * 365 * 24 * 3600;

  /** The same times, as they are configured, without a bound. */
  public StreamOptions(
      Duration idleTimeout,
      Duration streamIdleTimeout,
      Duration requestHeadersTimeout,
      Duration requestTimeout,
      Duration maxConnectionDuration) {
    this(
        nanos(idleTimeout),
        nanos(streamIdleTimeout),
        nanos(requestHeadersTimeout),
        nanos(requestTimeout),
        nanos(maxConnectionDuration),
        0);
  }

  /** The same with a bound for the bodies of requests. */
  public StreamOptions withMaxRequestBytes(int bytes) {
    return new StreamOptions(
        idleNanos, streamIdleNanos, requestHeadersNanos, requestNanos, maxConnectionNanos, bytes);
  }

  /** A time in nanoseconds; zero, which is none, for one that nobody lives to see. */
  public static long nanos(Duration time) {
    return time.toSeconds() > MOST_SECONDS ? 0 : time.toNanos();
  }
}
