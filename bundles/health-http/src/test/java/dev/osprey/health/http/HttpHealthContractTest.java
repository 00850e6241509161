package dev.osprey.health.http;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.HealthCheckContract;

class HttpHealthContractTest extends HealthCheckContract {
  @Override
  protected HealthCheckFactory factory() {
    return new HttpHealthFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json(
        "{'host': 'h:81', 'path': '/ready?a=b', 'expected_statuses': [{'start': 200, 'end': 300}]}");
  }
}
