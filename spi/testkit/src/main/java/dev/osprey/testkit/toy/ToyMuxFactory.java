package dev.osprey.testkit.toy;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import java.util.List;

/**
 * Makes the {@code toymux} codec. Keys: {@code max_streams} (100), {@code max_head_bytes} (65536),
 * {@code max_queued_bytes} (1048576), {@code stamp} (false; true adds {@code x-served-by:
 * toymux/VERSION} to responses).
 */
public final class ToyMuxFactory implements CodecFactory {
  /** The type URL of the configuration. */
  public static final String CONFIG_TYPE = "type.googleapis.com/dev.osprey.testkit.toy.v1.ToyMux";

  @Override
  public String name() {
    return "toymux";
  }

  @Override
  public List<String> configTypes() {
    return List.of(CONFIG_TYPE);
  }

  @Override
  public CodecPlan plan(ConfigNode config, PlanContext context) {
    return new ToyMuxPlan(ToyMuxConfig.from(config), context.version());
  }
}
