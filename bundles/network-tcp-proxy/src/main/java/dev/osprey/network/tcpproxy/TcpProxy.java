package dev.osprey.network.tcpproxy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.Reset.Reason;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.ThreadLocalRandom;

/** One connection carried to a cluster. Bytes pass as the buffers they came in. */
final class TcpProxy implements ByteTerminal {
  private static final Reset DONE = Reset.byDownstream(Reason.CANCELLED, "both sides have ended");
  private static final Reset IDLE = Reset.byHost(Reason.TIMEOUT, "idle timeout");

  private final TcpProxyConfig config;
  private final TcpProxyCounters counters;
  private final ByteSession session;
  private int attempts;
  private boolean downstreamEnded;
  private boolean upstreamEnded;

  TcpProxy(
      TcpProxyConfig config, TcpProxyCounters counters, ByteSession session, TcpProxyState state) {
    this.config = config;
    this.counters = counters;
    this.session = session;
    this.attempts = state.attempts();
    this.downstreamEnded = state.downstreamEnded();
    this.upstreamEnded = state.upstreamEnded();
  }

  @Override
  public void opened() {
    counters.connections().add(1);
    session.idleTimeout(config.idleTimeout());
    connect();
  }

  @Override
  public void connected() {}

  @Override
  public void connectFailed(Reset why) {
    counters.connectFailures().add(1);
    if (attempts < config.maxConnectAttempts()) {
      connect();
    } else {
      session.close(why);
    }
  }

  private void connect() {
    attempts++;
    session.connect(config.clusters().choose(ThreadLocalRandom.current()));
  }

  @Override
  public void fromDownstream(@Owned ByteBuf data) {
    int length = data.readableBytes();
    session.toUpstream(data);
    counters.bytesReceived().add(length);
  }

  @Override
  public void fromUpstream(@Owned ByteBuf data) {
    int length = data.readableBytes();
    session.toDownstream(data);
    counters.bytesSent().add(length);
  }

  @Override
  public void downstreamEnded() {
    downstreamEnded = true;
    session.endUpstream();
    closeWhenBothEnded();
  }

  @Override
  public void upstreamEnded() {
    upstreamEnded = true;
    session.endDownstream();
    closeWhenBothEnded();
  }

  private void closeWhenBothEnded() {
    if (downstreamEnded && upstreamEnded) {
      session.close(DONE);
    }
  }

  @Override
  public void idle() {
    session.close(IDLE);
  }

  @Override
  public StateRecord detach() {
    return new TcpProxyState(attempts, downstreamEnded, upstreamEnded).record();
  }
}
