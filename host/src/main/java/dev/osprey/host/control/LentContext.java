package dev.osprey.host.control;

import dev.osprey.host.plan.Extension;
import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import dev.osprey.spi.message.Provenance;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What one plan is lent; remembers which clusters it asks for. */
final class LentContext implements PlanContext {
  private final String version;
  private final Provenance provenance;
  private final Map<String, ? extends ClusterRef> clusters;
  private final Function<String, Counter> counters;
  private final Set<String> asked = new HashSet<>();
  private final Gate gate = new Gate();

  LentContext(
      Extension extension,
      Map<String, ? extends ClusterRef> clusters,
      Function<String, Counter> counters) {
    this.version = extension.version();
    this.provenance = extension.provenance();
    this.clusters = clusters;
    this.counters = counters;
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
    asked.add(name);
    ClusterRef known = clusters.get(name);
    if (known != null) {
      return known;
    }
    if (node.raw() instanceof String) {
      node.say(
          "expected the name of a cluster, found \""
              + name
              + "\""
              + Nearest.hint(name, clusters.keySet()));
    }
    return () -> name;
  }

  @Override
  public Counter counter(String name) {
    return gate.behind(counters.apply(name));
  }

  /** What lets its counters count, once it is published. */
  Gate gate() {
    return gate;
  }

  /** Names of the clusters asked for so far. */
  Set<String> asked() {
    return Set.copyOf(asked);
  }
}
