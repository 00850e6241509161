package dev.osprey.it.bundle;

import dev.osprey.codec.http1.Http1Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Makes the HTTP/1 codec refuse every configuration. */
public final class RefusesPlans implements BundleActivator {
  /** What it says. */
  public static final String WORDS = "this build takes no configuration at all";

  @Override
  public void start(BundleContext context) {
    context.registerService(CodecFactory.class, new Refusing(new Http1Factory()), null);
  }

  @Override
  public void stop(BundleContext context) {}

  private record Refusing(CodecFactory real) implements CodecFactory {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public List<String> configTypes() {
      return real.configTypes();
    }

    @Override
    public CodecPlan plan(ConfigNode config, PlanContext context) {
      config.say(WORDS);
      return real.plan(config, context);
    }
  }
}
