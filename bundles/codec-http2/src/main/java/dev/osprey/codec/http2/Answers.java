package dev.osprey.codec.http2;

import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The proxy's own answers in HTTP's words. */
final class Answers {
  private Answers() {}

  /** The answer for a reply: its status, its fields, its body as plain text; or gRPC's words. */
  static LocalAnswer of(LocalReply reply, @Nullable RequestHead request) {
    if (GrpcAnswers.fit(request)) {
      return GrpcAnswers.of(reply, status(reply));
    }
    ResponseHead head = new ResponseHead();
    head.status(status(reply));
    head.protocol("HTTP/2");
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

  private static int status(LocalReply reply) {
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
