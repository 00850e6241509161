package dev.osprey.host.plan;

import java.time.Duration;

/**
 * Times of the stream terminal; zero means none.
 *
 * @param idleTimeout a connection without an open stream (default 1 h, as Envoy's)
 * @param streamIdleTimeout a stream without a byte in either direction (default 5 min)
 * @param requestHeadersTimeout from the first byte of a request to the end of its head (default 10
 *     s; Envoy's is none)
 * @param requestTimeout from the head to the end of the request (default none)
 * @param maxConnectionDuration age after which a connection gets its goodbye (default none)
 */
public record StreamOptions(
    Duration idleTimeout,
    Duration streamIdleTimeout,
    Duration requestHeadersTimeout,
    Duration requestTimeout,
    Duration maxConnectionDuration) {}
