package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigNodesTest {
  @Test
  void readsJson_withPathsAndPositions() {
    ConfigNode node =
        ConfigNodes.json("{'a': [1, {\"b\": null}],\n 'c': 'x\\n\\u0041', 'd': 1.5e1}");
    assertThat(node.canonical())
        .isEqualTo(
            ConfigNodes.of(
                    new java.util.TreeMap<>(
                        Map.of(
                            "a",
                            List.of(1, java.util.Collections.singletonMap("b", null)),
                            "c",
                            "x\nA",
                            "d",
                            15.0)))
                .canonical());
    assertThat(node.entries().get("a").items().get(1).path()).isEqualTo("a[1]");
    assertThat(node.entries().get("c").position().toString()).isEqualTo("test.json:2:7");
  }

  @Test
  void refusesWhatIsNotJson() {
    for (String wrong : List.of("", "{", "{a: 1}", "[1 2]", "nope", "{} {}")) {
      assertThatThrownBy(() -> ConfigNodes.json(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void tellsUnknownClusters() {
    ConfigNode node = ConfigNodes.of("bakend");
    assertThat(new FakePlanContext("1", "backend").cluster(node).name()).isEqualTo("bakend");
    assertThat(ConfigNodes.problems(node)).contains("did you mean \"backend\"?");
  }
}
