package dev.osprey.lb.leastrequest;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.LoadBalancerContract;

class LeastRequestContractTest extends LoadBalancerContract {
  @Override
  protected LoadBalancerFactory factory() {
    return new LeastRequestFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json("{'choice_count': 3}");
  }
}
