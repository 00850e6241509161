package dev.osprey.jmh;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Provenance;

/** A plan context in which every cluster exists. */
public final class BenchmarkContext implements PlanContext {
  private final Provenance provenance = new Provenance("benchmark");

  private record Named(String name) implements ClusterRef {}

  @Override
  public String version() {
    return "1.0.0";
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public ClusterRef cluster(ConfigNode node) {
    return new Named(node.asString());
  }

  @Override
  public Counter counter(String name) {
    return amount -> {};
  }
}
