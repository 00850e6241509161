package dev.osprey.stream.grpcstats;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import java.util.List;

/** Makes the {@code grpc_stats} filter known to the host. */
public final class GrpcStatsFactory implements StreamFilterFactory {
  static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig";

  @Override
  public String name() {
    return "grpc_stats";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public StreamFilterPlan plan(ConfigNode config, PlanContext context) {
    return new GrpcStatsPlan(new MethodTable(GrpcStatsConfig.from(config), context::counter));
  }
}
