package dev.osprey.host.tcp;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the access log is told of a pair. */
final class PairRecord implements AccessRecord {
  private final Loop loop;
  private final long started;
  private final long startMillis = System.currentTimeMillis();
  private final long id;
  private final String listener;
  private final SocketAddress peer;
  private final SocketAddress local;
  private long received;
  private long sent;
  private long firstResponse = -1;
  private @Nullable SocketAddress upstream;
  private @Nullable String cluster;
  private @Nullable Reset reset;

  PairRecord(Loop loop, long id, String listener, Wire downstream) {
    this.loop = loop;
    this.started = loop.now();
    this.id = id;
    this.listener = listener;
    this.peer = downstream.peer();
    this.local = downstream.local();
  }

  void received(int bytes) {
    received += bytes;
  }

  void sent(int bytes) {
    if (sent == 0) {
      firstResponse = loop.now() - started;
    }
    sent += bytes;
  }

  void upstream(SocketAddress endpoint, String name) {
    upstream = endpoint;
    cluster = name;
  }

  void reset(Reset why) {
    if (reset == null) {
      reset = why;
    }
  }

  /** The client's connection is gone; an orderly end is no reset. */
  void ended(Reset why) {
    if (why.reason() != Reset.Reason.CONNECTION_LOST && why.reason() != Reset.Reason.CANCELLED) {
      reset(why);
    }
  }

  @Override
  public long startMillis() {
    return startMillis;
  }

  @Override
  public @Nullable RequestHead request() {
    return null;
  }

  @Override
  public @Nullable ResponseHead response() {
    return null;
  }

  @Override
  public long bytesReceived() {
    return received;
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long requestEndNanos() {
    return -1;
  }

  @Override
  public long firstResponseNanos() {
    return firstResponse;
  }

  @Override
  public long durationNanos() {
    return loop.now() - started;
  }

  @Override
  public LocalReply.@Nullable Kind localReply() {
    return null;
  }

  @Override
  public @Nullable String detail() {
    return reset == null ? null : reset.detail();
  }

  @Override
  public @Nullable Reset reset() {
    return reset;
  }

  @Override
  public @Nullable String cluster() {
    return cluster;
  }

  @Override
  public String route() {
    return "";
  }

  @Override
  public @Nullable SocketAddress upstream() {
    return upstream;
  }

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public SocketAddress local() {
    return local;
  }

  @Override
  public long connection() {
    return id;
  }

  @Override
  public String listener() {
    return listener;
  }
}
