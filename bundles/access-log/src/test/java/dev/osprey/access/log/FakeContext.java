package dev.osprey.access.log;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Provenance;

/** A context that knows every cluster but {@code missing}. */
final class FakeContext implements PlanContext {
  /** A cluster by name. */
  record Cluster(String name) implements ClusterRef {}

  @Override
  public String version() {
    return "1.0.0";
  }

  @Override
  public Provenance provenance() {
    return new Provenance("test");
  }

  @Override
  public ClusterRef cluster(ConfigNode node) {
    String name = node.asString();
    if (name.equals("missing")) {
      node.problem("a cluster");
    }
    return new Cluster(name);
  }

  @Override
  public Counter counter(String name) {
    return _ -> {};
  }
}
