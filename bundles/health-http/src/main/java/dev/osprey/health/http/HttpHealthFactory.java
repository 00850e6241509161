package dev.osprey.health.http;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.spi.health.HealthCheckPlan;
import java.util.List;

/** Makes the {@code http} health check known to the host. */
public final class HttpHealthFactory implements HealthCheckFactory {
  @Override
  public String name() {
    return "http";
  }

  @Override
  public List<String> configTypes() {
    return List.of("type.googleapis.com/envoy.config.core.v3.HealthCheck.HttpHealthCheck");
  }

  @Override
  public HealthCheckPlan plan(ConfigNode config, PlanContext context) {
    return HttpHealth.from(config);
  }
}
