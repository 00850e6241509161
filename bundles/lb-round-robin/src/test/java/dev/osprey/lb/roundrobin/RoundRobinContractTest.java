package dev.osprey.lb.roundrobin;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.LoadBalancerContract;

class RoundRobinContractTest extends LoadBalancerContract {
  @Override
  protected LoadBalancerFactory factory() {
    return new RoundRobinFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json("{}");
  }
}
