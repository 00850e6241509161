package dev.osprey.stream.headermutation;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import java.util.List;

/** Makes the {@code header_mutation} filter known to the host. */
public final class HeaderMutationFactory implements StreamFilterFactory {
  static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";

  @Override
  public String name() {
    return "header_mutation";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public StreamFilterPlan plan(ConfigNode config, PlanContext context) {
    return new HeaderMutationPlan(HeaderMutationConfig.from(config));
  }
}
