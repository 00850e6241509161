package dev.osprey.host.rehearsal;

import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records such as traffic makes: a good stream, one the proxy answered, a pair of connections. */
record SampleRecord(
    @Nullable RequestHead request,
    @Nullable ResponseHead response,
    LocalReply.@Nullable Kind localReply,
    @Nullable Reset reset,
    @Nullable String cluster,
    @Nullable SocketAddress upstream)
    implements AccessRecord {
  static final List<AccessRecord> ALL =
      List.of(
          new SampleRecord(head(), answer(200), null, null, "cluster", End.LOCAL),
          new SampleRecord(head(), answer(503), LocalReply.Kind.NO_UPSTREAM, null, "cluster", null),
          new SampleRecord(
              null,
              null,
              null,
              Reset.byUpstream(Reset.Reason.CONNECTION_LOST, "rehearsal"),
              null,
              null));

  @Override
  public long startMillis() {
    return 1_767_225_600_000L;
  }

  @Override
  public long bytesReceived() {
    return 12;
  }

  @Override
  public long bytesSent() {
    return 3456;
  }

  @Override
  public long requestEndNanos() {
    return 10_000;
  }

  @Override
  public long firstResponseNanos() {
    return response == null ? -1 : 2_000_000;
  }

  @Override
  public long durationNanos() {
    return 3_000_000;
  }

  @Override
  public @Nullable String detail() {
    return localReply == null && reset == null ? null : "rehearsal";
  }

  @Override
  public String route() {
    return "route";
  }

  @Override
  public SocketAddress peer() {
    return End.PEER;
  }

  @Override
  public SocketAddress local() {
    return End.LOCAL;
  }

  @Override
  public long connection() {
    return 1;
  }

  @Override
  public String listener() {
    return "listener";
  }

  private static RequestHead head() {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.path("/rehearsal?a=b");
    head.authority("rehearsal.example");
    head.fields().add("user-agent", "rehearsal");
    return head;
  }

  private static ResponseHead answer(int status) {
    ResponseHead head = new ResponseHead();
    head.status(status);
    head.fields().add("content-type", "text/plain");
    return head;
  }
}
