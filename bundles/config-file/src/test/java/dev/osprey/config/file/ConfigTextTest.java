package dev.osprey.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTextTest {
  @Test
  void readsTheExample() throws IOException {
    try (InputStream in = ConfigTextTest.class.getResourceAsStream("/example.yaml")) {
      ConfigNode root = Texts.document(in.readAllBytes()).root();
      assertThat(root.problems().all()).isEmpty();
      ConfigNode listener =
          root.required("static_resources").required("listeners").items().getFirst();
      assertThat(listener.requiredString("name")).isEqualTo("ingress");
      ConfigNode name = listener.required("name");
      assertThat(name.path()).isEqualTo("static_resources.listeners[0].name");
      assertThat(name.position()).hasToString("test.yaml:3:13");
      assertThat(listener.position()).hasToString("test.yaml:3:7");
      assertThat(root.required("static_resources").required("clusters").position())
          .as("a list stands where its key does")
          .hasToString("test.yaml:5:3");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1                    | java.lang.Long    | 1
          -7                   | java.lang.Long    | -7
          0x1F                 | java.lang.Long    | 31
          0o17                 | java.lang.Long    | 15
          9223372036854775807  | java.lang.Long    | 9223372036854775807
          1.5                  | java.lang.Double  | 1.5
          1e3                  | java.lang.Double  | 1000.0
          .inf                 | java.lang.Double  | Infinity
          true                 | java.lang.Boolean | true
          False                | java.lang.Boolean | false
          yes                  | java.lang.String  | yes
          off                  | java.lang.String  | off
          10s                  | java.lang.String  | 10s
          1.2.3.4              | java.lang.String  | 1.2.3.4
          12:30:45             | java.lang.String  | 12:30:45
          2020-01-01           | java.lang.String  | 2020-01-01
          "1"                  | java.lang.String  | 1
          !!str 1              | java.lang.String  | 1
          !!int "3"            | java.lang.Long    | 3
          """)
  void readsScalarsByTheCoreSchema(String text, Class<?> type, String value) {
    Object raw = Texts.read("k: " + text).required("k").raw();
    assertThat(raw).isInstanceOf(type).hasToString(value);
  }

  @Test
  void readsNulls() {
    ConfigNode root = Texts.read("a: null\nb: ~\nc:\nd: \"\"\n");
    assertThat(root.entries().get("a").isNull()).isTrue();
    assertThat(root.entries().get("b").isNull()).isTrue();
    assertThat(root.entries().get("c").isNull()).isTrue();
    assertThat(root.entries().get("d").raw()).isEqualTo("");
  }

  @Test
  void readsJson_indentedByTabs() {
    String json =
        "{\n\t\"a\": [1, 2.5, \"x\\u00e9\\/\\ud83d\\ude00\", null, true],\n\t\"@type\":\"t\",\n\t\"e\": {}\n}\n";
    ConfigNode root = Texts.read(json);
    assertThat(root.problems().all()).isEmpty();
    assertThat(root.required("a").items())
        .extracting(ConfigNode::raw)
        .containsExactly(1L, 2.5, "xé/😀", null, true);
    assertThat(root.string("@type", "")).isEqualTo("t");
    assertThat(root.required("e").isMap()).isTrue();
  }

  @Test
  void readsJson_withLongKeysAndText() {
    String longText = "x".repeat(5000);
    ConfigNode root = Texts.read("{\"k\":\"" + longText + "\",\"" + "y".repeat(900) + "\":1}");
    assertThat(root.problems().all()).isEmpty();
    assertThat(root.string("k", "")).isEqualTo(longText);
  }

  @Test
  void quotesKeysThatAPathCannotHold() {
    ConfigNode root = Texts.read("metadata:\n  dev.osprey: { io_model: thread }\n  '@type': x\n");
    ConfigNode metadata = root.required("metadata");
    assertThat(metadata.required("dev.osprey").required("io_model").path())
        .isEqualTo("metadata[\"dev.osprey\"].io_model");
    assertThat(metadata.required("@type").path()).isEqualTo("metadata.@type");
  }

  @Test
  void repeatsAnchors_withThePathOfTheirUse() {
    ConfigNode root = Texts.read("a: &x { n: 1 }\nb: [*x, *x]\n");
    ConfigNode n = root.required("b").items().get(1).required("n");
    assertThat(n.raw()).isEqualTo(1L);
    assertThat(n.path()).isEqualTo("b[1].n");
    assertThat(n.position()).hasToString("test.yaml:1:12");
  }

  @Test
  void acceptsAByteOrderMark() {
    assertThat(Texts.read("\ufeffa: 1").problems().all()).isEmpty();
  }

  @Test
  void keepsTheVersion_forEqualContent() {
    String one = Texts.document("a: 1".getBytes(StandardCharsets.UTF_8)).version();
    assertThat(Texts.document("a: 1".getBytes(StandardCharsets.UTF_8)).version()).isEqualTo(one);
    assertThat(Texts.document("a: 2".getBytes(StandardCharsets.UTF_8)).version()).isNotEqualTo(one);
    assertThat(one).matches("[0-9a-f]{12}");
  }

  @Test
  void acceptsOneDocumentWithItsMarks() {
    assertThat(Optional.of(Texts.read("---\na: 1\n...\n")))
        .hasValueSatisfying(root -> assertThat(root.problems().all()).isEmpty());
  }
}
