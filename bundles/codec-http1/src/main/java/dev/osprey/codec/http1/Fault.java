package dev.osprey.codec.http1;

import dev.osprey.http.common.Answers;
import dev.osprey.spi.message.LocalReply;

/** The rules a message can break: the status a client is told, and one line of text. */
enum Fault {
  BARE_CR(400, "a CR without LF"),
  BARE_LF(400, "a line ends in LF without CR"),
  CONTROL_CHARACTER(400, "a control character in a field value"),
  OBS_FOLD(400, "a folded field line"),
  FIELD_NAME(400, "an invalid field name"),
  NO_COLON(400, "a field line without colon"),
  SPACE_BEFORE_COLON(400, "white space before the colon of a field"),
  REQUEST_LINE(400, "an invalid request line"),
  TARGET(400, "an invalid request target"),
  VERSION(400, "an invalid protocol version"),
  VERSION_UNKNOWN(505, "a protocol version that is not HTTP/1"),
  VERSION_REFUSED(505, "HTTP/1.0 is not accepted"),
  STATUS_LINE(400, "an invalid status line"),
  NO_HOST(400, "no Host field"),
  MANY_HOSTS(400, "more than one Host field"),
  HOST(400, "an invalid Host field"),
  LENGTH(400, "an invalid Content-Length"),
  MANY_LENGTHS(400, "more than one Content-Length"),
  TRANSFER_ENCODING(400, "an invalid Transfer-Encoding"),
  CODING_UNKNOWN(501, "a transfer coding that is not implemented"),
  CODING_IN_10(400, "a Transfer-Encoding in HTTP/1.0"),
  BOTH_LENGTHS(400, "both Content-Length and Transfer-Encoding"),
  METHOD(405, "a method that is not allowed"),
  HEAD_TOO_LATE(408, "a head that does not come to its end"),
  HEAD_TOO_LARGE(431, "a head that is too large"),
  TOO_MANY_FIELDS(431, "too many fields"),
  TARGET_TOO_LONG(414, "a request line that is too long"),
  CHUNK_SIZE(400, "an invalid chunk size"),
  CHUNK_EXTENSION(400, "an invalid chunk extension"),
  CHUNK_EXTENSION_TOO_LONG(413, "chunk extensions that are too long"),
  CHUNK_END(400, "chunk data that does not end in CRLF"),
  TRAILERS_TOO_LARGE(431, "trailers that are too large"),
  UNSOLICITED_UPGRADE(400, "an upgrade nobody asked for"),
  TOO_MANY_INTERIM(400, "too many interim responses"),
  SURPLUS(400, "bytes that belong to no response");

  final int status;
  final String detail;

  Fault(int status, String detail) {
    this.status = status;
    this.detail = detail;
  }

  /** The answer to a request that has this fault. */
  LocalReply reply() {
    return this == METHOD
        ? Answers.methodNotAllowed(detail)
        : LocalReply.badRequest(status, detail);
  }
}
