package dev.osprey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTreeTest {
  private static final Position HERE = new Position("test", 1, 1);

  private final Problems problems = new Problems();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 11, 100})
  void aMapKeepsItsOrder_whateverItsSize(int size) {
    Map<String, ConfigNode> given = new LinkedHashMap<>();
    for (int i = size; i > 0; i--) {
      given.put("key" + i, ConfigNode.scalar("v" + i, HERE, ConfigPath.ROOT, problems));
    }
    ConfigNode map = ConfigNode.map(given, HERE, ConfigPath.ROOT, problems);
    assertThat(map.entries()).containsExactlyEntriesOf(given).hasSize(size);
    assertThat(map.keys()).containsExactlyElementsOf(given.keySet());
    given.forEach((key, value) -> assertThat(map.get(key)).containsSame(value));
    assertThat(map.has("key0")).isFalse();
    given.put("later", ConfigNode.scalar("x", HERE, ConfigPath.ROOT, problems));
    assertThat(map.has("later")).isFalse();
  }

  @Test
  void pathsAreWordedWhenAskedFor() {
    ConfigPath clusters = ConfigPath.ROOT.key("static_resources").key("clusters");
    assertThat(ConfigPath.ROOT.toString()).isEmpty();
    assertThat(clusters.item(200).key("name")).hasToString("static_resources.clusters[200].name");
    assertThat(ConfigPath.ROOT.key("a b").key("c\"d")).hasToString("[\"a b\"][\"c\\\"d\"]");
  }

  @Test
  void aTreeThatCollectsElsewhere_isTheSameTree() {
    ConfigNode item = ConfigNode.scalar(7L, HERE, ConfigPath.ROOT.key("l").item(0), problems);
    ConfigNode list = ConfigNode.list(List.of(item), HERE, ConfigPath.ROOT.key("l"), problems);
    ConfigNode root = ConfigNode.map(Map.of("l", list), HERE, ConfigPath.ROOT, problems);
    Problems others = new Problems();
    ConfigNode same = root.collecting(others);
    same.required("l").items().getFirst().say("wrong");
    assertThat(same.canonical()).isEqualTo(root.canonical());
    assertThat(problems.isEmpty()).isTrue();
    assertThat(others.all()).extracting(Problem::path).containsExactly("l[0]");
  }
}
