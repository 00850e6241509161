package dev.osprey.it.bundle;

import dev.osprey.health.http.HttpHealthFactory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.spi.health.HealthCheckPlan;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Makes HTTP's health check refuse every configuration. */
public final class RefusesChecks implements BundleActivator {
  /** What it says. */
  public static final String WORDS = "this build checks nothing at all";

  @Override
  public void start(BundleContext context) {
    context.registerService(HealthCheckFactory.class, new Refusing(new HttpHealthFactory()), null);
  }

  @Override
  public void stop(BundleContext context) {}

  private record Refusing(HealthCheckFactory real) implements HealthCheckFactory {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public List<String> configTypes() {
      return real.configTypes();
    }

    @Override
    public HealthCheckPlan plan(ConfigNode config, PlanContext context) {
      config.say(WORDS);
      return real.plan(config, context);
    }
  }
}
