package org.example.apikey;

import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import java.util.List;
import java.util.Set;

/** Tells the host the filter's name and type, and reads its settings. */
final class ApiKeyFactory implements StreamFilterFactory {
  static final String TYPE = "type.googleapis.com/org.example.apikey.Config";

  @Override
  public String name() {
    return "api_key";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public StreamFilterPlan plan(ConfigNode config, PlanContext context) {
    config.allowOnly("header", "keys");
    String header = config.string("header", "x-api-key");
    if (!header.matches("[a-z0-9-]+")) {
      config.required("header").problem("a field name in lower case");
    }
    ConfigNode keys = config.required("keys");
    if (keys.isList() && keys.items().isEmpty()) {
      keys.problem("at least one key");
    }
    Counter refused = context.counter("api_key.refused");
    StreamFilter filter =
        new ApiKeyFilter(
            FieldName.of(header), Set.copyOf(config.strings("keys")), refused, context.version());
    return stream -> filter; // it remembers nothing of a stream: one for all
  }
}
