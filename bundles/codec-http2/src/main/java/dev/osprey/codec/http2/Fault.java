package dev.osprey.codec.http2;

import dev.osprey.http.common.Answers;
import dev.osprey.spi.message.LocalReply;

/**
 * What makes a message malformed (RFC 9113 section 8.1.1) or too large: the status a client is
 * told, and one line of text.
 */
enum Fault {
  FIELD_NAME(400, "an invalid field name"),
  FIELD_VALUE(400, "an invalid field value"),
  PSEUDO_LATE(400, "a pseudo-header field after a regular one"),
  PSEUDO_UNKNOWN(400, "a pseudo-header field that does not belong there"),
  PSEUDO_TWICE(400, "a pseudo-header field twice"),
  PSEUDO_MISSING(400, "a pseudo-header field is missing"),
  CONNECTION_FIELD(400, "a field that belongs to a connection of HTTP/1"),
  TE(400, "a TE other than trailers"),
  LENGTH(400, "an invalid content-length"),
  MANY_LENGTHS(400, "more than one content-length"),
  METHOD(400, "an invalid method"),
  SCHEME(400, "a scheme that is neither http nor https"),
  PATH(400, "an invalid path"),
  AUTHORITY(400, "an invalid authority"),
  NO_AUTHORITY(400, "neither authority nor host"),
  HOST_DIFFERS(400, "a host that differs from the authority"),
  CONNECT(405, "CONNECT is not allowed"),
  TUNNEL_END(400, "an extended CONNECT that ends at once"),
  TUNNEL_EARLY(400, "DATA before the tunnel is open"),
  PROTOCOL_UNKNOWN(501, "an extended CONNECT for another protocol than websocket"),
  PROTOCOL(400, "an extended CONNECT that was not offered"),
  STATUS(400, "an invalid status"),
  TOO_LARGE(431, "a field section that is too large"),
  BODY_LENGTH(400, "a body that is not as long as announced"),
  BODY_FORBIDDEN(400, "a body where none may be"),
  BODY_FIRST(400, "a body before its head"),
  TRAILERS_OPEN(400, "trailers that do not end the stream"),
  INTERIM_END(400, "an interim response that ends the stream"),
  TOO_MANY_INTERIM(400, "too many interim responses");

  final int status;
  final String detail;

  Fault(int status, String detail) {
    this.status = status;
    this.detail = detail;
  }

  /** The answer to a request that has this fault. */
  LocalReply reply() {
    return this == CONNECT
        ? Answers.methodNotAllowed(detail)
        : LocalReply.badRequest(status, detail);
  }
}
