package dev.osprey.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problem;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TcpProxyConfigTest {
  @Test
  void readsTheExample() throws IOException {
    try (InputStream in = TcpProxyConfigTest.class.getResourceAsStream("/example.yaml")) {
      ConfigNode listener =
          ConfigNodes.yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .required("listeners")
              .items()
              .getFirst();
      ConfigNode chain = listener.required("filter_chains").items().getFirst();
      ConfigNode filter = chain.required("filters").items().getFirst().required("typed_config");
      TcpProxyConfig config = TcpProxyConfig.from(filter, FakePlanContext.without("missing"));
      assertThat(filter.problems().all()).isEmpty();
      assertThat(config.statPrefix()).isEqualTo("redis");
      assertThat(config.idleTimeout()).isEqualTo(Duration.ofHours(1));
      assertThat(config.maxConnectAttempts()).isEqualTo(1);
      assertThat(new TcpProxyFactory().configTypes())
          .containsExactly(filter.requiredString("@type"));
    }
  }

  @Test
  void choosesByWeight() {
    ConfigNode node =
        ConfigNodes.yaml(
            "{ stat_prefix: s, weighted_clusters: { clusters: [{ name: a, weight: 1 }, { name: b, weight: 3 }] } }");
    Clusters clusters = TcpProxyConfig.from(node, FakePlanContext.without("missing")).clusters();
    assertThat(node.problems().all()).isEmpty();
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      counts.merge(clusters.choose(random).name(), 1, Integer::sum);
    }
    assertThat(counts).containsOnlyKeys("a", "b");
    assertThat(counts.get("b")).isBetween(7_200, 7_800);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(problems("{ cluster: c, idle_timout: 1s }"))
        .containsExactly(
            "test idle_timout: expected one of @type, stat_prefix, cluster, weighted_clusters,"
                + " idle_timeout, max_connect_attempts, found \"idle_timout\" (did you mean"
                + " \"idle_timeout\"?)",
            "test stat_prefix: expected a value, found nothing");
    assertThat(problems("{ stat_prefix: s }"))
        .containsExactly("test: expected one of cluster, weighted_clusters, found neither");
    assertThat(problems("{ stat_prefix: s, cluster: missing }"))
        .containsExactly("test cluster: no cluster \"missing\"");
    assertThat(problems("{ stat_prefix: s, cluster: c, max_connect_attempts: 0 }"))
        .containsExactly(
            "test max_connect_attempts: expected a whole number from 1 to 255, found 0");
    assertThat(problems("{ stat_prefix: s, cluster: c, idle_timeout: 5 }")).hasSize(1);
  }

  @Test
  void refusesBadWeights() {
    assertThat(problems("{ stat_prefix: s, weighted_clusters: { clusters: [] } }")).hasSize(1);
    assertThat(problems("{ stat_prefix: s, weighted_clusters: { clusters: [{ name: a }] } }"))
        .containsExactly(
            "test weighted_clusters.clusters[0].weight: expected a value, found nothing");
    assertThat(problems("{ stat_prefix: s, cluster: c, weighted_clusters: { clusters: [] } }"))
        .contains("test: expected one of cluster, weighted_clusters, found both");
  }

  private static List<String> problems(String yaml) {
    ConfigNode node = ConfigNodes.yaml(yaml);
    new TcpProxyFactory().plan(node, FakePlanContext.without("missing"));
    return node.problems().all().stream().map(Problem::toString).toList();
  }
}
