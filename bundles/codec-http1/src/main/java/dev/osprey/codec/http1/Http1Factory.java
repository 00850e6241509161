package dev.osprey.codec.http1;

import dev.osprey.http.common.EnvoyOptions;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import java.util.List;

/** Makes plans of the {@code http1} codec; registered by the bundle's activator. */
public final class Http1Factory implements CodecFactory {
  /** The codec's own configuration. */
  static final String OWN = "type.googleapis.com/dev.osprey.codec.http1.Config";

  @Override
  public String name() {
    return "http1";
  }

  @Override
  public List<String> configTypes() {
    return List.of(OWN, EnvoyOptions.MANAGER, EnvoyOptions.UPSTREAM);
  }

  @Override
  public CodecPlan plan(ConfigNode config, PlanContext context) {
    return new Http1Plan(Http1Config.from(config), context.provenance(), context.version());
  }
}
