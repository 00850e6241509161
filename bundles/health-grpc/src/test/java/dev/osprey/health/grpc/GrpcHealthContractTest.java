package dev.osprey.health.grpc;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.HealthCheckContract;

class GrpcHealthContractTest extends HealthCheckContract {
  @Override
  protected HealthCheckFactory factory() {
    return new GrpcHealthFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json("{'service_name': 'p.S', 'authority': 'h:81'}");
  }
}
