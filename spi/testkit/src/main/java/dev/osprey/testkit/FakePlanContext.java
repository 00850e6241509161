package dev.osprey.testkit;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import dev.osprey.spi.message.Provenance;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A plan context for tests: a version, a provenance of its own, counters to look at, and either any
 * cluster or a fixed set of them.
 */
public final class FakePlanContext implements PlanContext {
  private final String version;
  private final Provenance provenance;
  private final Set<String> clusters;
  private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();

  /**
   * A context.
   *
   * @param version the bundle's version, for example {@code 1.0.0}
   * @param clusters the names that exist; none means that every name exists
   */
  public FakePlanContext(String version, String... clusters) {
    this.version = version;
    this.provenance = new Provenance("fake " + version);
    this.clusters = Set.of(clusters);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public ClusterRef cluster(ConfigNode node) {
    String name = node.asString();
    if (!clusters.isEmpty() && !clusters.contains(name)) {
      node.say("no cluster \"" + name + "\"" + Nearest.hint(name, clusters));
    }
    return new NamedCluster(name);
  }

  @Override
  public Counter counter(String name) {
    AtomicLong value = counters.computeIfAbsent(name, key -> new AtomicLong());
    return amount -> {
      if (amount < 0) {
        throw new AssertionError("counter " + name + " was asked to go down by " + -amount);
      }
      value.addAndGet(amount);
    };
  }

  /** What a counter stands at; 0 when nobody asked for it. */
  public long count(String name) {
    AtomicLong value = counters.get(name);
    return value == null ? 0 : value.get();
  }

  /**
   * A cluster that is only a name.
   *
   * @param name the name
   */
  public record NamedCluster(String name) implements ClusterRef {}
}
