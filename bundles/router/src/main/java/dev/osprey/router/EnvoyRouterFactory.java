package dev.osprey.router;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.route.RouterFactory;
import dev.osprey.spi.route.RouterPlan;
import java.util.List;

/** Makes plans from Envoy's RouteConfiguration known to the host. */
public final class EnvoyRouterFactory implements RouterFactory {
  @Override
  public String name() {
    return "router";
  }

  @Override
  public List<String> configTypes() {
    return List.of("type.googleapis.com/envoy.config.route.v3.RouteConfiguration");
  }

  @Override
  public RouterPlan plan(ConfigNode config, PlanContext context) {
    return new RoutePlan(RouterConfig.from(config, context));
  }
}
