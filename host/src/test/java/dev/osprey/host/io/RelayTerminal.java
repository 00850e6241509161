package dev.osprey.host.io;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Factory;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The plainest byte terminal: connects and relays, half-close included. */
final class RelayTerminal implements ByteTerminal {
  private final ByteSession session;
  private final ClusterRef cluster;
  private final LongAdder answered;

  private RelayTerminal(ByteSession session, ClusterRef cluster, LongAdder answered) {
    this.session = session;
    this.cluster = cluster;
    this.answered = answered;
  }

  static Factory factory() {
    return new Factory() {
      @Override
      public String name() {
        return "relay";
      }

      @Override
      public List<String> configTypes() {
        return List.of("relay");
      }
    };
  }

  /** Adds what it passes to clients to {@code answered}, in bytes. */
  static ByteTerminalPlan plan(ClusterRef cluster, LongAdder answered) {
    return new ByteTerminalPlan() {
      @Override
      public ByteTerminal open(ByteSession session) {
        return new RelayTerminal(session, cluster, answered);
      }

      @Override
      public boolean reads(StateRecord record) {
        return true;
      }

      @Override
      public ByteTerminal attach(StateRecord record, ByteSession session) {
        return new RelayTerminal(session, cluster, answered);
      }
    };
  }

  @Override
  public void opened() {
    session.connect(cluster);
  }

  @Override
  public void connected() {}

  @Override
  public void connectFailed(Reset why) {
    session.close(why);
  }

  @Override
  public void fromDownstream(ByteBuf data) {
    session.toUpstream(data);
  }

  @Override
  public void fromUpstream(ByteBuf data) {
    answered.add(data.readableBytes());
    session.toDownstream(data);
  }

  @Override
  public void downstreamEnded() {
    session.endUpstream();
  }

  @Override
  public void upstreamEnded() {
    session.endDownstream();
  }

  @Override
  public void idle() {
    session.close(Reset.byHost(Reset.Reason.TIMEOUT, "idle"));
  }

  @Override
  public StateRecord detach() {
    return StateRecord.empty("relay", 1);
  }
}
