package dev.osprey.stream.headermutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;

/** Plans out of JSON with single quotes. */
final class Plans {
  private Plans() {}

  static StreamFilterPlan plan(String json) {
    ConfigNode config = ConfigNodes.json(json);
    StreamFilterPlan plan = plan(config);
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  static StreamFilterPlan plan(ConfigNode config) {
    return new HeaderMutationFactory().plan(config, new FakePlanContext("1.0.0"));
  }

  /** What is wrong with a configuration, one mistake a line. */
  static String problems(String json) {
    ConfigNode config = ConfigNodes.json(json);
    var _ = plan(config);
    return ConfigNodes.problems(config);
  }

  /** A configuration with one append to the request. */
  static String append(String header, String more) {
    return "{'mutations': {'request_mutations': [{'append': {'header': %s%s}}]}}"
        .formatted(header, more);
  }
}
