package dev.osprey.network.tcpproxy;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.spi.network.ByteTerminalPlan;
import java.util.List;

/** Makes the {@code tcp_proxy} byte terminal known to the host. */
public final class TcpProxyFactory implements ByteTerminalFactory {
  @Override
  public String name() {
    return "tcp_proxy";
  }

  @Override
  public List<String> configTypes() {
    return List.of("type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy");
  }

  @Override
  public ByteTerminalPlan plan(ConfigNode config, PlanContext context) {
    TcpProxyConfig checked = TcpProxyConfig.from(config, context);
    return new TcpProxyPlan(checked, TcpProxyCounters.of(checked.statPrefix(), context));
  }
}
