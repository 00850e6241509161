package dev.osprey.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.osprey.spi.config.Problem;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ConfigTextProblemsTest {
  @Test
  void namesBothPlacesOfAKeyThatIsThereTwice_andGoesOn() {
    assertThat(Texts.problems("a:\n  b: 1\n  c: 2\n  b: 3\nd: 1\nd: 99999999999999999999\n"))
        .containsExactly(
            "test.yaml:4:3 a.b: expected each key once, found \"b\" here and in line 2, column 3",
            "test.yaml:6:4 d: expected a whole number of 64 bits, found 99999999999999999999",
            "test.yaml:6:1 d: expected each key once, found \"d\" here and in line 5, column 1");
  }

  @Test
  void tellsWhereTheSyntaxBreaks() {
    assertThat(Texts.problems("a:\n  b: 1\n c: 2\n"))
        .singleElement()
        .asString()
        .startsWith("test.yaml:3:2: ")
        .contains("not well-formed");
    assertThat(Texts.problems("a: [1, 2\nb: 3\n"))
        .singleElement()
        .asString()
        .contains("not well-formed: while parsing a flow sequence that begins in line 1: ");
    assertThat(Texts.problems("a:\n\t- 1\n")).singleElement().asString().contains("test.yaml:2:1");
    assertThat(Texts.problems("{\"a\": 1,")).singleElement().asString().contains("not well-formed");
    assertThat(Texts.problems("a: \"open\n"))
        .singleElement()
        .asString()
        .contains("not well-formed");
    assertThat(Texts.problems("a: \u0007")).singleElement().asString().contains("U+0007");
  }

  @Test
  void refusesWhatIsNotOneMap() {
    assertThat(Texts.problems(""))
        .containsExactly("test.yaml:1:1: expected a map, found an empty document");
    assertThat(Texts.problems("# nothing\n")).hasSize(1);
    assertThat(Texts.problems("- 1\n"))
        .containsExactly("test.yaml:1:1: expected a map, found a list");
    assertThat(Texts.problems("a: 1\n---\nb: 2\n"))
        .containsExactly("test.yaml:2:1: expected one document, found another");
  }

  @Test
  void refusesWhatTheTreeCannotHold() {
    assertThat(Texts.problems("a: !secret x"))
        .containsExactly("test.yaml:1:4 a: expected a value without a tag, found the tag !secret");
    assertThat(Texts.problems("a: !foo {}")).singleElement().asString().contains("the tag !foo");
    assertThat(Texts.problems("a: !!int x"))
        .singleElement()
        .asString()
        .contains("expected a whole number");
    assertThat(Texts.problems("a: !!float x")).hasSize(1);
    assertThat(Texts.problems("[1]: x")).singleElement().asString().contains("expected a key");
    assertThat(Texts.problems("a: &x {}\nb:\n  <<: *x\n"))
        .singleElement()
        .asString()
        .contains("merge keys");
    assertThat(Texts.problems("a: *nowhere")).hasSize(1);
    assertThat(Texts.problems("a: &x [*x]")).hasSize(1);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] latin = "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Texts.document(latin).root().problems().all())
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("expected text in UTF-8");
  }

  @Test
  void boundsAliases() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String ten = ("*a" + (i - 1) + ", ").repeat(10);
      laughs.append("a%d: &a%d [%s]%n".formatted(i, i, ten.substring(0, ten.length() - 2)));
    }
    assertThat(Texts.problems(laughs.toString()))
        .singleElement()
        .asString()
        .contains("expected aliases to repeat at most 100000 values");
  }

  @Test
  void boundsDepth_alsoThroughAliases() {
    assertThat(Texts.problems("a: " + "[".repeat(100_000)))
        .singleElement()
        .asString()
        .contains("expected at most 100 levels");
    assertThat(Texts.problems("{\"a\":".repeat(200) + "1" + "}".repeat(200))).hasSize(1);
    String half = "[".repeat(60);
    String halfEnd = "]".repeat(60);
    assertThat(Texts.problems("a: &a " + half + halfEnd + "\nb: " + half + "*a" + halfEnd))
        .singleElement()
        .asString()
        .contains("expected at most 100 levels");
  }

  @Test
  void boundsTheNumberOfValues() {
    assertThat(Texts.problems("a: [" + "1,".repeat(1_000_001) + "]"))
        .singleElement()
        .asString()
        .contains("expected at most 1000000 values");
  }

  @Property(tries = 500)
  void neverThrows_whateverTheText(
      @ForAll
          @StringLength(max = 60)
          @Chars({'{', '}', '[', ']', ':', '-', '?', '&', '*', '!', '|', '>', '\'', '"', '%', '#'})
          @CharRange(from = 'a', to = 'c')
          @Chars({' ', '\n', '\t', '\\', '~', '<', '0', '.', ',', '@', '\u0000', '\ufeff'})
          String text) {
    assertThatCode(() -> Texts.read(text)).doesNotThrowAnyException();
  }
}
