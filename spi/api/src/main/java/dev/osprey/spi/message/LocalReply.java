package dev.osprey.spi.message;

import java.util.List;
import java.util.Map;

/**
 * An answer the proxy gives itself, in neutral words; each codec says it in its protocol's.
 *
 * @param kind why
 * @param status an HTTP-like status for {@link Kind#DIRECT} and {@link Kind#BAD_REQUEST}; 0 lets
 *     the codec choose by kind
 * @param detail one line for the caller and the log
 * @param fields fields to add to the answer, name and value
 * @param body the body as text; empty for none
 */
public record LocalReply(
    Kind kind, int status, String detail, List<Map.Entry<String, String>> fields, String body) {
  /** Why the proxy answers. New kinds may come in a minor version. */
  public enum Kind {
    /** The configuration says so (a direct response or a redirect). */
    DIRECT,
    /** The request broke the protocol's rules; only a codec makes it. */
    BAD_REQUEST,
    /** No route fits. */
    NO_ROUTE,
    /** The cluster has no endpoint to ask. */
    NO_UPSTREAM,
    /** No connection to the endpoint could be made. */
    CONNECT_FAILURE,
    /** The upstream ended before its answer began. */
    UPSTREAM_RESET,
    /** The upstream cancelled the stream before its answer began. */
    UPSTREAM_CANCELLED,
    /** The upstream broke the protocol's rules. */
    UPSTREAM_PROTOCOL_ERROR,
    /** The upstream took too long. */
    UPSTREAM_TIMEOUT,
    /** The caller took too long to send its request. */
    REQUEST_TIMEOUT,
    /** A bound was reached. */
    OVERFLOW,
    /** An extension threw. */
    EXTENSION_FAILURE,
    /** The extension that should serve is gone, or the proxy is shutting down. */
    UNAVAILABLE
  }

  /** A reply of that kind with its detail as the body. */
  public static LocalReply of(Kind kind, String detail) {
    return new LocalReply(kind, 0, detail, List.of(), detail);
  }

  /** A refusal by a codec, with the status of its choice. */
  public static LocalReply badRequest(int status, String detail) {
    return new LocalReply(Kind.BAD_REQUEST, status, detail, List.of(), detail);
  }
}
