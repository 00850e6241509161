package dev.osprey.codec.http2;

import dev.osprey.http.common.Answers;
import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's own answers to gRPC requests: a head that is also the trailers, with the status of
 * gRPC in it (gRPC over HTTP2, "Responses"). HTTP's statuses are mapped as gRPC's
 * http-grpc-status-mapping.md and Envoy do.
 */
final class GrpcAnswers {
  private static final FieldName CONTENT_TYPE = FieldName.of("content-type");
  private static final byte[] GRPC = Bytes.of("application/grpc");
  private static final String HEX = "0123456789ABCDEF";
  private static final int MESSAGE_BYTES = 1024;

  private static final int CANCELLED = 1;
  private static final int UNKNOWN = 2;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int PERMISSION_DENIED = 7;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;

  private GrpcAnswers() {}

  /** True for content-type application/grpc, alone or with a format or parameters behind it. */
  static boolean fit(@Nullable RequestHead request) {
    if (request == null) {
      return false;
    }
    Fields fields = request.fields();
    int at = fields.find(CONTENT_TYPE, 0);
    if (at < 0) {
      return false;
    }
    int start = fields.valueStart(at);
    int length = fields.valueEnd(at) - start;
    byte[] bytes = fields.bytes();
    for (int i = 0; i < GRPC.length; i++) {
      if (i == length || Chars.lower(bytes[start + i]) != GRPC[i]) {
        return false;
      }
    }
    int next = length == GRPC.length ? ';' : bytes[start + GRPC.length];
    return next == '+' || next == ';' || next == ' ';
  }

  /** The answer to a request: in gRPC's words where it speaks them, in HTTP's to all others. */
  static LocalAnswer of(LocalReply reply, @Nullable RequestHead request) {
    return fit(request) ? of(reply, Answers.status(reply)) : Answers.of(reply, "HTTP/2");
  }

  /**
   * The answer: status 200, no body, the reply's body or detail as the message; a reply that brings
   * a {@code grpc-status} of its own keeps it.
   *
   * @param status what HTTP would say
   */
  private static LocalAnswer of(LocalReply reply, int status) {
    ResponseHead head = new ResponseHead();
    head.status(200);
    head.protocol("HTTP/2");
    Fields fields = head.fields();
    fields.add("content-type", "application/grpc");
    boolean hasStatus =
        reply.fields().stream().anyMatch(field -> field.getKey().equalsIgnoreCase("grpc-status"));
    String message = reply.body().isEmpty() ? reply.detail() : reply.body();
    if (!hasStatus) {
      fields.add("grpc-status", Integer.toString(code(reply, status)));
    }
    if (!hasStatus && !message.isEmpty()) {
      fields.add("grpc-message", percentEncoded(message));
    }
    for (Map.Entry<String, String> field : reply.fields()) {
      String name = field.getKey();
      if (!name.equalsIgnoreCase("content-type") && !name.equalsIgnoreCase("content-length")) {
        fields.add(name, field.getValue());
      }
    }
    head.bodyLength(-1);
    return new LocalAnswer(head, new byte[0]);
  }

  private static int code(LocalReply reply, int status) {
    boolean late =
        reply.kind() == LocalReply.Kind.UPSTREAM_TIMEOUT
            || reply.kind() == LocalReply.Kind.REQUEST_TIMEOUT;
    if (late && reply.status() == 0) {
      return DEADLINE_EXCEEDED;
    }
    if (reply.kind() == LocalReply.Kind.UPSTREAM_CANCELLED && reply.status() == 0) {
      // What a caller hears of that reset without a proxy; past its deadline it says so itself.
      return CANCELLED;
    }
    return switch (status) {
      case 400 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> UNIMPLEMENTED;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }

  /**
   * How an answer of gRPC that has begun ends when the proxy knows what a client without a proxy
   * would be told: UNAVAILABLE for a connection that was lost, DEADLINE_EXCEEDED when the time for
   * the stream is up. A reset would be read as INTERNAL. Null when a reset says it as well.
   */
  static @Nullable Fields trailers(Stream stream, Reset why) {
    int status =
        switch (why.reason()) {
          case CONNECTION_LOST, CONNECT_FAILURE, DRAINING -> UNAVAILABLE;
          case TIMEOUT -> why.source() == Reset.Source.HOST ? DEADLINE_EXCEEDED : UNAVAILABLE;
          case CANCELLED, PROTOCOL_ERROR, TRUNCATED, OVERFLOW, REFUSED, EXTENSION_FAILURE -> -1;
        };
    if (status < 0 || why.source() == Reset.Source.DOWNSTREAM || !stream.isGrpc()) {
      return null;
    }
    Fields trailers = new Fields();
    trailers.add("grpc-status", Integer.toString(status));
    trailers.add("grpc-message", status == UNAVAILABLE ? "the upstream was lost" : "time is up");
    return trailers;
  }

  /** Printable ASCII but for the percent sign; all other bytes of UTF-8 as %XX. */
  static String percentEncoded(String message) {
    StringBuilder text = new StringBuilder(message.length() + 16);
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (text.length() >= MESSAGE_BYTES) {
        break;
      }
      if (b >= ' ' && b <= '~' && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
      }
    }
    return text.toString();
  }
}
