package dev.osprey.host.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration as read: what is to be planned and how the plans hang together. */
public record ConfigSpec(List<ListenerSpec> listeners, List<ClusterSpec> clusters) {
  public ConfigSpec {
    listeners = List.copyOf(listeners);
    clusters = List.copyOf(clusters);
  }

  /** Every plan it asks for. */
  public List<PlanSpec> plans() {
    List<PlanSpec> all = new ArrayList<>();
    listeners.forEach(listener -> addChain(listener.chain(), all));
    for (ClusterSpec cluster : clusters) {
      if (cluster.codec() != null) {
        all.add(cluster.codec());
      }
      if (cluster.balancer() != null) {
        all.add(cluster.balancer());
      }
      if (cluster.health() != null && cluster.health().check() != null) {
        all.add(cluster.health().check());
      }
    }
    return all;
  }

  private static void addChain(@Nullable ChainSpec chain, List<PlanSpec> all) {
    switch (chain) {
      case null -> {}
      case ChainSpec.Stream stream -> {
        all.addAll(stream.codecs());
        PlanSpec upstream = stream.upstream();
        if (upstream != null && !stream.codecs().contains(upstream)) {
          all.add(upstream);
        }
        all.addAll(stream.filters());
        if (stream.router() != null) {
          all.add(stream.router());
        }
        all.addAll(stream.logs());
        addChain(stream.next(), all);
      }
      case ChainSpec.Bytes bytes -> {
        all.add(bytes.terminal());
        all.addAll(bytes.logs());
      }
    }
  }
}
