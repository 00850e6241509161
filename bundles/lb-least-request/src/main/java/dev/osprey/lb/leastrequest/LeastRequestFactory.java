package dev.osprey.lb.leastrequest;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadBalancerPlan;
import java.util.List;

/** Makes the {@code least_request} policy known to the host. */
public final class LeastRequestFactory implements LoadBalancerFactory {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest";

  @Override
  public String name() {
    return "least_request";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public LoadBalancerPlan plan(ConfigNode config, PlanContext context) {
    LeastRequestConfig checked = LeastRequestConfig.from(config);
    return weights -> LeastRequest.over(weights, checked);
  }
}
