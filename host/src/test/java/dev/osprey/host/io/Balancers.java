package dev.osprey.host.io;

import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadBalancerPlan;
import java.util.List;

/** Load balancing without a bundle. */
public final class Balancers {
  private Balancers() {}

  /** In turn. */
  public static Balancer inTurn(int endpoints) {
    return of((state, random) -> Math.floorMod(state.turn(), endpoints), "1");
  }

  static Balancer of(LoadBalancer picks, String version) {
    return of(picks, new Extension("load-balancer", new None(), "lb", version, 2, version, 2));
  }

  static Balancer of(LoadBalancer picks, Extension extension) {
    return new Balancer(new Bound<>(weights -> picks, extension, extension.version()), picks);
  }

  private static final class None implements LoadBalancerFactory {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public List<String> configTypes() {
      return List.of("type.googleapis.com/test.Balancer");
    }

    @Override
    public LoadBalancerPlan plan(ConfigNode config, PlanContext context) {
      return weights -> (state, random) -> 0;
    }
  }
}
