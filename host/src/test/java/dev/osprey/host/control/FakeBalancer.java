package dev.osprey.host.control;

import dev.osprey.host.config.Kind;
import dev.osprey.host.deploy.TestJars;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.lb.LoadBalancerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The policy of clusters that name none: always the first endpoint. */
record FakeBalancer() implements LoadBalancerFactory {
  /** Puts it into a folder of bundles. */
  static void install(Path system, FakeBundles bundles) throws IOException {
    Files.write(system.resolve("lb.jar"), TestJars.bundle("test.lb", "1.0.0", ""));
    bundles.offer("test.lb", Kind.LOAD_BALANCER, content -> new FakeBalancer());
  }

  @Override
  public String name() {
    return "round_robin";
  }

  @Override
  public List<String> configTypes() {
    return List.of(
        "type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin");
  }

  @Override
  public LoadBalancerPlan plan(ConfigNode config, PlanContext context) {
    config.allowOnly();
    return weights -> (state, random) -> 0;
  }
}
