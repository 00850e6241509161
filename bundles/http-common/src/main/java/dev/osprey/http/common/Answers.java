package dev.osprey.http.common;

import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The proxy's own answers in HTTP's words. */
public final class Answers {
  private Answers() {}

  /**
   * The answer for a reply: its status, its fields, and its body as plain text unless a field says
   * what else it is.
   *
   * @param protocol name and version, as in {@link ResponseHead#protocol}
   */
  public static LocalAnswer of(LocalReply reply, String protocol) {
    ResponseHead head = new ResponseHead();
    head.status(status(reply));
    head.protocol(protocol);
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    boolean typed = false;
    for (Map.Entry<String, String> field : reply.fields()) {
      head.fields().add(field.getKey(), field.getValue());
      typed |= field.getKey().equalsIgnoreCase("content-type");
    }
    if (body.length > 0 && !typed) {
      head.fields().add("content-type", "text/plain");
    }
    head.bodyLength(body.length);
    return new LocalAnswer(head, body);
  }

  /** The refusal of a method, which names those that are allowed (RFC 9110 section 15.5.6). */
  public static LocalReply methodNotAllowed(String detail) {
    return new LocalReply(
        LocalReply.Kind.BAD_REQUEST,
        405,
        detail,
        List.of(Map.entry("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")),
        detail);
  }

  /** The status of a reply: its own, or by its kind. */
  public static int status(LocalReply reply) {
    if (reply.status() >= 200 && reply.status() <= 999) {
      return reply.status();
    }
    return switch (reply.kind()) {
      case DIRECT -> 200;
      case BAD_REQUEST -> 400;
      case NO_ROUTE -> 404;
      case NO_UPSTREAM, CONNECT_FAILURE, OVERFLOW, UNAVAILABLE -> 503;
      case UPSTREAM_RESET, UPSTREAM_CANCELLED, UPSTREAM_PROTOCOL_ERROR -> 502;
      case UPSTREAM_TIMEOUT -> 504;
      case REQUEST_TIMEOUT -> 408;
      case EXTENSION_FAILURE -> 500;
    };
  }
}
