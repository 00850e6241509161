package dev.osprey.health.grpc;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.spi.health.HealthCheckPlan;
import java.util.List;

/** Makes the {@code grpc} health check known to the host. */
public final class GrpcHealthFactory implements HealthCheckFactory {
  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public List<String> configTypes() {
    return List.of("type.googleapis.com/envoy.config.core.v3.HealthCheck.GrpcHealthCheck");
  }

  @Override
  public HealthCheckPlan plan(ConfigNode config, PlanContext context) {
    return GrpcHealth.from(config);
  }
}
