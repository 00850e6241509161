package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a stream may take, in the words of Envoy's {@code max_stream_duration}.
 *
 * @param longest of a request that does not say; zero: for ever
 * @param longestGrpc bound of what a request says in {@code grpc-timeout}, zero: none; null: what
 *     it says is not looked at
 * @param offset is taken off what the request says, when that is longer
 */
record MaxDuration(Duration longest, @Nullable Duration longestGrpc, Duration offset) {
  static MaxDuration from(ConfigNode node) {
    node.allowOnly("max_stream_duration", "grpc_timeout_header_max", "grpc_timeout_header_offset");
    boolean asks = node.has("grpc_timeout_header_max");
    if (!asks && node.has("grpc_timeout_header_offset")) {
      node.required("grpc_timeout_header_offset")
          .say("expected grpc_timeout_header_max beside it, found none");
    }
    return new MaxDuration(
        node.duration("max_stream_duration", Duration.ZERO),
        asks ? node.duration("grpc_timeout_header_max", Duration.ZERO) : null,
        node.duration("grpc_timeout_header_offset", Duration.ZERO));
  }

  Duration of(RequestHead head) {
    Duration most = longestGrpc;
    long asked = most == null ? GrpcTimeout.NONE : GrpcTimeout.nanos(head.fields());
    if (most == null || asked == GrpcTimeout.NONE) {
      return longest;
    }
    long nanos = most.isZero() ? asked : Math.min(asked, most.toNanos());
    long less = offset.toNanos();
    return Duration.ofNanos(less < nanos ? nanos - less : nanos);
  }
}
