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
 * cluster, a fixed set of them, or all but some.
 */
public final class FakePlanContext implements PlanContext {
  private final String version;
  private final Provenance provenance;
  private final Set<String> clusters;
  private final Set<String> missing;
  private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();

  /**
   * A context.
   *
   * @param version the bundle's version, for example {@code 1.0.0}
   * @param clusters the names that exist; none means that every name exists
   */
  public FakePlanContext(String version, String... clusters) {
    this(version, Set.of(clusters), Set.of());
  }

  private FakePlanContext(String version, Set<String> clusters, Set<String> missing) {
    this.version = version;
    this.provenance = new Provenance("fake " + version);
    this.clusters = clusters;
    this.missing = missing;
  }

  /** A context of version 1.0.0 in which every cluster exists but these. */
  public static FakePlanContext without(String... clusters) {
    return new FakePlanContext("1.0.0", Set.of(), Set.of(clusters));
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
    boolean exists = clusters.isEmpty() ? !missing.contains(name) : clusters.contains(name);
    if (!exists) {
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
