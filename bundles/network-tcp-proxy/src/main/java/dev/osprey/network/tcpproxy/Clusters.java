package dev.osprey.network.tcpproxy;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Clusters to choose from by weight.
 *
 * @param choices the clusters; empty only in a configuration with problems
 * @param ends where each choice ends on a line from 0 to the sum of all weights
 */
record Clusters(ClusterRef[] choices, long[] ends) {
  private static final long MAX_WEIGHT = 0xffff_ffffL;

  static Clusters from(ConfigNode node, PlanContext context) {
    if (node.has("cluster") == node.has("weighted_clusters")) {
      node.say(
          "expected one of cluster, weighted_clusters, found "
              + (node.has("cluster") ? "both" : "neither"));
    }
    if (node.has("weighted_clusters")) {
      return weighted(node.required("weighted_clusters"), context);
    }
    ClusterRef[] choices =
        node.get("cluster").map(context::cluster).stream().toArray(ClusterRef[]::new);
    return new Clusters(choices, new long[] {1});
  }

  private static Clusters weighted(ConfigNode node, PlanContext context) {
    node.allowOnly("clusters");
    List<ConfigNode> clusters =
        node.objects("clusters", cluster -> cluster.allowOnly("name", "weight"));
    ClusterRef[] choices = new ClusterRef[clusters.size()];
    long[] ends = new long[choices.length];
    long sum = 0;
    for (int i = 0; i < ends.length; i++) {
      ConfigNode cluster = clusters.get(i);
      choices[i] = context.cluster(cluster.required("name"));
      cluster.required("weight");
      sum += cluster.number("weight", 1, 1, MAX_WEIGHT);
      ends[i] = sum;
    }
    if (sum < 1 || sum > MAX_WEIGHT) {
      node.say("expected weights with a sum from 1 to " + MAX_WEIGHT + ", found " + sum);
    }
    return new Clusters(choices, ends);
  }

  /** One of them; no random number is drawn where there is no choice. */
  ClusterRef choose(RandomGenerator random) {
    int choice = 0;
    if (choices.length > 1) {
      long point = random.nextLong(ends[ends.length - 1]);
      while (point >= ends[choice]) {
        choice++;
      }
    }
    return choices[choice];
  }
}
