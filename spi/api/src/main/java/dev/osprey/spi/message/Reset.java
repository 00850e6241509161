package dev.osprey.spi.message;

/**
 * Why a stream or a connection ended before its time. A value, not an exception: the network may do
 * anything.
 *
 * @param source whose doing it was
 * @param reason the kind of failure
 * @param retryable true only when the other side surely did not act on the request
 * @param detail one line for a log, without line ends
 */
public record Reset(Source source, Reason reason, boolean retryable, String detail) {
  /** Who ended it. */
  public enum Source {
    /** The caller's side. */
    DOWNSTREAM,
    /** The side that serves. */
    UPSTREAM,
    /** The proxy itself. */
    HOST
  }

  /** What happened. New reasons may come in a minor version. */
  public enum Reason {
    /** The peer no longer wants it. */
    CANCELLED,
    /** The peer broke the protocol's rules. */
    PROTOCOL_ERROR,
    /** The message stopped before its end. */
    TRUNCATED,
    /** The connection was lost. */
    CONNECTION_LOST,
    /** No connection could be made. */
    CONNECT_FAILURE,
    /** A bound was reached: pending requests, connections, bytes. */
    OVERFLOW,
    /** It took too long. */
    TIMEOUT,
    /** The peer refused it before acting on it. */
    REFUSED,
    /** An extension threw. */
    EXTENSION_FAILURE,
    /** The proxy or the peer is shutting down. */
    DRAINING
  }

  /** A reset by the proxy itself that must not be retried. */
  public static Reset byHost(Reason reason, String detail) {
    return new Reset(Source.HOST, reason, false, detail);
  }

  /** A reset by the upstream that must not be retried. */
  public static Reset byUpstream(Reason reason, String detail) {
    return new Reset(Source.UPSTREAM, reason, false, detail);
  }

  /** A reset by the caller. */
  public static Reset byDownstream(Reason reason, String detail) {
    return new Reset(Source.DOWNSTREAM, reason, false, detail);
  }

  /** The same, safe to try elsewhere. */
  public Reset asRetryable() {
    return new Reset(source, reason, true, detail);
  }
}
