package dev.osprey.network.tcpproxy;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;

/** A checked TCP proxy: makes the terminals of connections. */
final class TcpProxyPlan implements ByteTerminalPlan {
  private final TcpProxyConfig config;
  private final TcpProxyCounters counters;

  TcpProxyPlan(TcpProxyConfig config, TcpProxyCounters counters) {
    this.config = config;
    this.counters = counters;
  }

  @Override
  public ByteTerminal open(ByteSession session) {
    return new TcpProxy(config, counters, session, TcpProxyState.NEW);
  }

  @Override
  public boolean reads(StateRecord record) {
    return TcpProxyState.reads(record);
  }

  @Override
  public ByteTerminal attach(StateRecord record, ByteSession session) {
    session.idleTimeout(config.idleTimeout());
    return new TcpProxy(config, counters, session, TcpProxyState.from(record));
  }
}
