package dev.osprey.lb.random;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.LoadBalancerContract;

class RandomChoiceContractTest extends LoadBalancerContract {
  @Override
  protected LoadBalancerFactory factory() {
    return new RandomChoiceFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json("{}");
  }
}
