package dev.osprey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigNodeTest {
  private enum Action {
    ALLOW,
    DENY
  }

  private Problems problems = new Problems();

  @Test
  void readsEveryKindOfScalar() {
    ConfigNode node = map("s", "text", "b", true, "n", 7L, "d", "1.25s", "e", "DENY", "nil", null);
    assertThat(node.string("s", "")).isEqualTo("text");
    assertThat(node.requiredString("s")).isEqualTo("text");
    assertThat(node.flag("b", false)).isTrue();
    assertThat(node.integer("n", 0, 0, 9)).isEqualTo(7);
    assertThat(node.duration("d", Duration.ZERO)).isEqualTo(Duration.ofMillis(1250));
    assertThat(node.oneOf("e", Action.class, Action.ALLOW)).isEqualTo(Action.DENY);
    assertThat(node.has("nil")).isFalse();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void givesDefaults_whereNothingStands() {
    ConfigNode node = map();
    assertThat(node.string("x", "s")).isEqualTo("s");
    assertThat(node.flag("x", true)).isTrue();
    assertThat(node.number("x", 5, 0, 1)).isEqualTo(5);
    assertThat(node.duration("x", Duration.ofDays(1))).isEqualTo(Duration.ofDays(1));
    assertThat(node.oneOf("x", Action.class, Action.ALLOW)).isEqualTo(Action.ALLOW);
    assertThat(node.strings("x")).isEmpty();
    assertThat(node.object("x", ConfigNode::path)).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void findsAllMistakesInOneRun_eachWithPathAndHint() {
    ConfigNode node = map("action", "DENNY", "size", 11L, "wait", "5", "nmae", "x", "list", "y");
    node.allowOnly("action", "size", "wait", "name", "list");
    node.oneOf("action", Action.class, Action.ALLOW);
    node.number("size", 1, 0, 10);
    node.duration("wait", Duration.ZERO);
    node.strings("list");
    node.requiredString("name");
    assertThat(problems.all().stream().map(Problem::toString))
        .containsExactly(
            "test:1:2 root.nmae: expected one of action, size, wait, name, list, found \"nmae\""
                + " (did you mean \"name\"?)",
            "test:1:2 root.action: expected one of ALLOW, DENY, found \"DENNY\""
                + " (did you mean \"DENY\"?)",
            "test:1:2 root.size: expected a whole number from 0 to 10, found 11",
            "test:1:2 root.wait: expected a duration in seconds such as \"5s\" or \"0.25s\","
                + " found \"5\"",
            "test:1:2 root.list: expected a list, found \"y\"",
            "test:1:2 root.name: expected a value, found nothing");
  }

  @Test
  void namesAMistakeOnce_howeverOftenItIsRead() {
    ConfigNode node = map("n", "x");
    node.number("n", 0, 0, 1);
    node.number("n", 0, 0, 1);
    assertThat(problems.all()).hasSize(1);
  }

  @Test
  void refusesAnythingButAMap_whereKeysAreExpected() {
    ConfigNode unused = scalar("x", "p").allowOnly("a");
    assertThat(unused.isMap()).isFalse();
    assertThat(problems.all().getFirst().message())
        .isEqualTo("expected a map with keys a, found \"x\"");
  }

  @Test
  void shortensWhatItQuotes() {
    assertThat(scalar("x".repeat(100), "p").describe()).hasSize(82).endsWith("...\"");
  }

  @Property
  void readsNumbersWithinTheirRange_andOnlyThose(
      @ForAll long number, @ForAll @LongRange(min = -100, max = 0) long least) {
    problems = new Problems();
    long most = least + 1_000;
    ConfigNode node = map("n", number);
    boolean fits = number >= least && number <= most;
    assertThat(node.number("n", -1, least, most)).isEqualTo(fits ? number : -1);
    assertThat(node.problems().isEmpty()).isEqualTo(fits);
  }

  @Property
  void readsDurationsExactly(
      @ForAll @IntRange(min = 0, max = 999_999_999) int seconds,
      @ForAll @IntRange(min = 0, max = 999_999_999) int nanos) {
    ConfigNode node = map("d", "%d.%09ds".formatted(seconds, nanos));
    assertThat(node.duration("d", Duration.ZERO)).isEqualTo(Duration.ofSeconds(seconds, nanos));
  }

  @Property
  void spellsEqualTreesEqually_andOthersNot(@ForAll String a, @ForAll String b) {
    assertThat(map(a, b).canonical()).isEqualTo(map(a, b).canonical());
    assertThat(map("k", a).canonical().equals(map("k", b).canonical())).isEqualTo(a.equals(b));
  }

  private ConfigNode map(@Nullable Object... keysAndValues) {
    Position position = new Position("test", 1, 2);
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String key = String.valueOf(keysAndValues[i]);
      Object value = keysAndValues[i + 1];
      entries.put(key, ConfigNode.scalar(value, position, "root." + key, problems));
    }
    return ConfigNode.map(entries, position, "root", problems);
  }

  private ConfigNode scalar(Object value, String path) {
    return ConfigNode.scalar(value, new Position("test", 0, 0), path, problems);
  }

  @Test
  void readsListsItemByItem() {
    ConfigNode list =
        ConfigNode.list(
            List.of(scalar("a", "l[0]"), scalar(3L, "l[1]"), scalar("c", "l[2]")),
            new Position("test", 0, 0),
            "l",
            problems);
    ConfigNode node = ConfigNode.map(Map.of("l", list), list.position(), "", problems);
    assertThat(node.strings("l")).containsExactly("a", "", "c");
    assertThat(problems.all())
        .containsExactly(new Problem(list.position(), "l[1]", "expected a string, found 3"));
  }
}
