package dev.osprey.codec.http2;

import dev.osprey.spi.message.Reset;

/**
 * The error codes of RFC 9113 section 7, in the order of their numbers, and what they mean here.
 */
enum ErrorCode {
  NO_ERROR(Reset.Reason.CANCELLED),
  PROTOCOL_ERROR(Reset.Reason.PROTOCOL_ERROR),
  INTERNAL_ERROR(Reset.Reason.TRUNCATED),
  FLOW_CONTROL_ERROR(Reset.Reason.PROTOCOL_ERROR),
  SETTINGS_TIMEOUT(Reset.Reason.TIMEOUT),
  STREAM_CLOSED(Reset.Reason.PROTOCOL_ERROR),
  FRAME_SIZE_ERROR(Reset.Reason.PROTOCOL_ERROR),
  REFUSED_STREAM(Reset.Reason.REFUSED),
  CANCEL(Reset.Reason.CANCELLED),
  COMPRESSION_ERROR(Reset.Reason.PROTOCOL_ERROR),
  CONNECT_ERROR(Reset.Reason.CONNECTION_LOST),
  ENHANCE_YOUR_CALM(Reset.Reason.OVERFLOW),
  INADEQUATE_SECURITY(Reset.Reason.PROTOCOL_ERROR),
  HTTP_1_1_REQUIRED(Reset.Reason.REFUSED);

  private static final ErrorCode[] ALL = values();

  private final Reset.Reason reason;

  ErrorCode(Reset.Reason reason) {
    this.reason = reason;
  }

  /** The number on the wire. */
  @SuppressWarnings("EnumOrdinal") // the order is that of the RFC's numbers
  int number() {
    return ordinal();
  }

  /** The code of a number; one that is not known means {@link #INTERNAL_ERROR} (section 7). */
  static ErrorCode of(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : INTERNAL_ERROR;
  }

  /** What it means when we found the peer to deserve it. */
  Reset.Reason reason() {
    return reason;
  }

  /** A stream's end that the peer announced with this code. */
  Reset reset(Reset.Source peer) {
    // It says that we broke a rule: the peer broke none, and its message just stopped.
    boolean blamesUs = reason == Reset.Reason.PROTOCOL_ERROR;
    // Only this one promises that nothing was done (section 8.7).
    return new Reset(
        peer, blamesUs ? Reset.Reason.TRUNCATED : reason, this == REFUSED_STREAM, name());
  }

  /** The code that tells a client why its stream ends. */
  static ErrorCode forClient(Reset why) {
    return switch (why.reason()) {
      case CANCELLED -> CANCEL;
      case PROTOCOL_ERROR ->
          why.source() == Reset.Source.DOWNSTREAM ? PROTOCOL_ERROR : INTERNAL_ERROR;
      case REFUSED, DRAINING -> why.retryable() ? REFUSED_STREAM : INTERNAL_ERROR;
      case OVERFLOW -> why.retryable() ? REFUSED_STREAM : ENHANCE_YOUR_CALM;
      case TRUNCATED, CONNECTION_LOST, CONNECT_FAILURE, TIMEOUT, EXTENSION_FAILURE ->
          INTERNAL_ERROR;
    };
  }

  /** The same for an open tunnel, where a lost connection has a code of its own (RFC 8441 5). */
  static ErrorCode forTunnel(Reset why) {
    return switch (why.reason()) {
      case CONNECTION_LOST, TRUNCATED -> CANCEL;
      case CANCELLED,
          PROTOCOL_ERROR,
          REFUSED,
          DRAINING,
          OVERFLOW,
          CONNECT_FAILURE,
          TIMEOUT,
          EXTENSION_FAILURE ->
          forClient(why);
    };
  }

  /** The code that tells an upstream why its stream ends. */
  static ErrorCode forUpstream(Reset why) {
    return switch (why.reason()) {
      case PROTOCOL_ERROR -> why.source() == Reset.Source.UPSTREAM ? PROTOCOL_ERROR : CANCEL;
      case EXTENSION_FAILURE -> INTERNAL_ERROR;
      case CANCELLED,
          REFUSED,
          DRAINING,
          OVERFLOW,
          TRUNCATED,
          CONNECTION_LOST,
          CONNECT_FAILURE,
          TIMEOUT ->
          CANCEL;
    };
  }
}
