package dev.osprey.stream.grpcstats;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.StreamFilterContract;

class GrpcStatsContractTest extends StreamFilterContract {
  @Override
  protected StreamFilterFactory factory() {
    return new GrpcStatsFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json(
        "{'stats_for_all_methods': true, 'replace_dots_in_grpc_service_name': true}");
  }
}
