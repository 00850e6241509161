package dev.osprey.lb.roundrobin;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadBalancerPlan;
import java.util.List;

/** Makes the {@code round_robin} policy known to the host. */
public final class RoundRobinFactory implements LoadBalancerFactory {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin";

  @Override
  public String name() {
    return "round_robin";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public LoadBalancerPlan plan(ConfigNode config, PlanContext context) {
    config.allowOnly();
    return RoundRobin::over;
  }
}
