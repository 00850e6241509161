package dev.osprey.load;

/** What can go wrong with a request or a connection of a client that never retries. */
public enum FailureKind {
  /** The connection could not be opened. */
  CONNECT_FAILED,
  /** The peer ended or broke a connection that the client wanted to keep. */
  LOST_CONNECTION,
  /** A request was pending when its connection died. */
  CUT_SHORT,
  /** A status other than 200. */
  WRONG_STATUS,
  /** A body that is not this request's token. */
  WRONG_TOKEN,
  /** The body holds the token of another pending request of the same connection. */
  OUT_OF_ORDER,
  /** The body holds a token of another connection. */
  CROSSED,
  /** Bytes that nobody asked for. */
  SURPLUS,
  /** Bytes that are not HTTP. */
  MALFORMED,
  /** The answer announces {@code Connection: close}, or HTTP/1.0. */
  CLOSE_ANNOUNCED,
  /** The serving codec's version is missing although it is required. */
  NO_VERSION,
  /** No answer within the limit. */
  STALLED,
  /** No answer yet when the run ended. */
  UNFINISHED
}
