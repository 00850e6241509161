package dev.osprey.lb.random;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadBalancerPlan;
import java.util.List;

/** Makes the {@code random} policy known to the host. */
public final class RandomChoiceFactory implements LoadBalancerFactory {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.load_balancing_policies.random.v3.Random";

  @Override
  public String name() {
    return "random";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public LoadBalancerPlan plan(ConfigNode config, PlanContext context) {
    config.allowOnly();
    return weights -> (state, random) -> weights.at(random);
  }
}
