package dev.osprey.testkit;

import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** An access record for tests; the fields that are not given are what {@link #empty} has. */
public record FakeAccessRecord(
    long startMillis,
    @Nullable RequestHead request,
    @Nullable ResponseHead response,
    long bytesReceived,
    long bytesSent,
    long requestEndNanos,
    long firstResponseNanos,
    long durationNanos,
    LocalReply.@Nullable Kind localReply,
    @Nullable String detail,
    @Nullable Reset reset,
    @Nullable String cluster,
    String route,
    @Nullable SocketAddress upstream,
    SocketAddress peer,
    SocketAddress local,
    long connection,
    String listener)
    implements AccessRecord {
  private static final SocketAddress PEER = new InetSocketAddress("192.0.2.1", 40_000);
  private static final SocketAddress LOCAL = new InetSocketAddress("192.0.2.2", 80);

  /** A record of which nothing is known that may be unknown. */
  public static FakeAccessRecord empty() {
    return new FakeAccessRecord(
        1_767_225_600_000L,
        null,
        null,
        0,
        0,
        -1,
        -1,
        1_500_000,
        null,
        null,
        null,
        null,
        "",
        null,
        PEER,
        LOCAL,
        1,
        "ingress");
  }

  /** The same with both heads, a cluster and an endpoint. */
  public FakeAccessRecord withHeads(RequestHead requestHead, ResponseHead responseHead) {
    return new FakeAccessRecord(
        startMillis,
        requestHead,
        responseHead,
        12,
        345,
        200_000,
        900_000,
        durationNanos,
        localReply,
        detail,
        reset,
        "backend",
        "main",
        new InetSocketAddress("198.51.100.7", 8080),
        peer,
        local,
        connection,
        listener);
  }

  /** The same, ended before its time. */
  public FakeAccessRecord withReset(Reset why) {
    return new FakeAccessRecord(
        startMillis,
        request,
        response,
        bytesReceived,
        bytesSent,
        requestEndNanos,
        firstResponseNanos,
        durationNanos,
        localReply,
        why.detail(),
        why,
        cluster,
        route,
        upstream,
        peer,
        local,
        connection,
        listener);
  }

  /** The same, answered by the proxy itself. */
  public FakeAccessRecord withLocalReply(LocalReply reply) {
    return new FakeAccessRecord(
        startMillis,
        request,
        response,
        bytesReceived,
        bytesSent,
        requestEndNanos,
        firstResponseNanos,
        durationNanos,
        reply.kind(),
        reply.detail(),
        reset,
        cluster,
        route,
        upstream,
        peer,
        local,
        connection,
        listener);
  }
}
