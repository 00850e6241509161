package dev.osprey.codec.http2;

import dev.osprey.http.common.EnvoyOptions;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.function.LongSupplier;

/** Makes plans of the {@code http2} codec; registered by the bundle's activator. */
public final class Http2Factory implements CodecFactory {
  /** The codec's own configuration. */
  static final String OWN = "type.googleapis.com/dev.osprey.codec.http2.Config";

  private final LongSupplier clock;

  /** A factory whose codecs live by the machine's clock. */
  public Http2Factory() {
    this(System::nanoTime);
  }

  /** A factory whose codecs live by {@code clock}, which counts nanoseconds. */
  Http2Factory(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "http2";
  }

  @Override
  public List<String> configTypes() {
    return List.of(OWN, EnvoyOptions.MANAGER, EnvoyOptions.UPSTREAM);
  }

  @Override
  public CodecPlan plan(ConfigNode config, PlanContext context) {
    return new Http2Plan(
        Http2Config.from(config),
        context.provenance(),
        new Counters(context),
        context.version(),
        clock);
  }
}
