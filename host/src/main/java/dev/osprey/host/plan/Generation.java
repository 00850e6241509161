package dev.osprey.host.plan;

import dev.osprey.spi.codec.CodecPlan;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A number and an immutable set of plans: all that new work needs to know. */
public final class Generation {
  /** Nothing is configured. */
  public static final Generation EMPTY =
      new Generation(0, Map.of(), Map.of(), Map.of(), Set.of(), "");

  private final long number;
  private final Map<String, ListenerPlan> listeners;
  private final Map<String, ClusterPlan> clusters;
  private final @Nullable ClusterPlan[] byIndex;
  private final List<ClusterPlan> checked;
  private final Map<String, Slot<CodecPlan>> codecs;
  private final Set<Extension> extensions;
  private final String configVersion;

  /**
   * A generation.
   *
   * @param codecs every codec slot by its name, of listeners and of clusters
   * @param extensions all whose code some plan runs
   * @param configVersion version of the configuration document
   */
  public Generation(
      long number,
      Map<String, ListenerPlan> listeners,
      Map<String, ClusterPlan> clusters,
      Map<String, Slot<CodecPlan>> codecs,
      Set<Extension> extensions,
      String configVersion) {
    this.number = number;
    this.listeners = Map.copyOf(listeners);
    this.clusters = Map.copyOf(clusters);
    this.codecs = Map.copyOf(new HashMap<>(codecs));
    this.extensions = Set.copyOf(extensions);
    this.configVersion = configVersion;
    int most = clusters.values().stream().mapToInt(ClusterPlan::index).max().orElse(-1);
    this.byIndex = new ClusterPlan[most + 1];
    clusters.values().forEach(cluster -> byIndex[cluster.index()] = cluster);
    this.checked = clusters.values().stream().filter(it -> it.health() != null).toList();
  }

  /** Counts up from 1. */
  public long number() {
    return number;
  }

  /** The listener of that name, if there is one. */
  public @Nullable ListenerPlan listener(String name) {
    return listeners.get(name);
  }

  /** All listeners. */
  public Collection<ListenerPlan> listeners() {
    return listeners.values();
  }

  /** The cluster of that number, if there is one. */
  public @Nullable ClusterPlan cluster(int index) {
    return index < byIndex.length ? byIndex[index] : null;
  }

  /** All clusters. */
  public Collection<ClusterPlan> clusters() {
    return clusters.values();
  }

  /** The clusters whose endpoints are checked. */
  public List<ClusterPlan> checked() {
    return checked;
  }

  /** The codec slot of that name, if there is one. */
  public @Nullable Slot<CodecPlan> codec(String slotName) {
    return codecs.get(slotName);
  }

  /** All extensions whose code some plan runs. */
  public Set<Extension> extensions() {
    return extensions;
  }

  /** Version of the configuration this was built from. */
  public String configVersion() {
    return configVersion;
  }
}
