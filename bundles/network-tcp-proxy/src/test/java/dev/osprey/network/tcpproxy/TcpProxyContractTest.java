package dev.osprey.network.tcpproxy;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.testkit.ByteTerminalContract;
import dev.osprey.testkit.ConfigNodes;

/** The proxy keeps what every byte terminal must keep. */
class TcpProxyContractTest extends ByteTerminalContract {
  @Override
  protected ByteTerminalFactory factory() {
    return new TcpProxyFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.yaml(
        "{ stat_prefix: s, cluster: c, idle_timeout: 60s, max_connect_attempts: 3 }");
  }
}
