package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of rules in {@code conformance.txt}: it has every MUST of the RFCs, and each row, those
 * that say why a rule does not apply too, has a test that exists.
 */
class ConformanceTableTest {
  private static final Path ROOT = Path.of("../..");

  /**
   * A row of the table.
   *
   * @param section the RFC and its section
   * @param musts which MUSTs of the section, counted from 1; none for a rule that is no MUST
   */
  private record Row(String section, List<Integer> musts, String rule, List<String> tests) {
    static Row of(String line) {
      String[] cells = line.split(" \\| ", -1);
      assertThat(cells).as(line).hasSize(3);
      String[] place = cells[0].split(" ", -1);
      assertThat(place).as(line).hasSize(3);
      List<String> tests = Stream.of(cells[2].split(",", -1)).map(String::strip).toList();
      return new Row(place[0] + " " + place[1], numbers(place[2]), cells[1], tests);
    }

    private static List<Integer> numbers(String text) {
      return text.equals("-")
          ? List.of()
          : Stream.of(text.split(",", -1)).flatMap(Row::range).toList();
    }

    private static Stream<Integer> range(String text) {
      String[] ends = text.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      return IntStream.rangeClosed(Integer.parseInt(ends[0]), last).boxed();
    }
  }

  @Test
  void everyRowHasATest() throws IOException {
    for (Row row : table()) {
      assertThat(row.rule).as(row.section).hasSizeGreaterThan(10);
      for (String test : row.tests) {
        assertThat(isTest(test)).as("%s %s: is %s a test?", row.section, row.rule, test).isTrue();
      }
    }
  }

  @Test
  void everyMustHasARow() throws IOException {
    Set<String> wanted = new TreeSet<>();
    for (String line : lines("conformance-musts.txt")) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i <= Integer.parseInt(words[2]); i++) {
        wanted.add(words[0] + " " + words[1] + " " + i);
      }
    }
    Set<String> found = new TreeSet<>();
    for (Row row : table()) {
      row.musts.forEach(must -> found.add(row.section + " " + must));
    }
    assertThat(wanted).hasSizeGreaterThan(240);
    assertThat(found).isEqualTo(wanted);
  }

  @Test
  void aRowWithoutItsTestIsFound() throws IOException {
    assertThat(isTest("FrameRulesTest.noSuchTest")).isFalse();
    assertThat(isTest("NoSuchTest.sendsSettingsFirst")).isFalse();
    assertThat(isTest("bundles/codec-http1/Http1FuzzTest.noSuchTest")).isFalse();
    assertThat(isTest("")).isFalse();
    assertThat(Row.of("9113 1 2-3,5 | a rule | A.a, B.b").musts).containsExactly(2, 3, 5);
  }

  /** The day there is, the rows that rest on this need tests of their own. */
  @Test
  void thereIsNoTlsYet() throws IOException {
    assertThat(sources(ROOT.resolve("tls-bundle"))).isEmpty();
    assertThat(sources(ROOT.resolve("bundles/codec-http2"))).isNotEmpty();
  }

  private static List<Row> table() throws IOException {
    return lines("conformance.txt").stream().map(Row::of).toList();
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream table =
            Objects.requireNonNull(ConformanceTableTest.class.getResourceAsStream(resource));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private static boolean isTest(String name) throws IOException {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return false;
    }
    int slash = name.lastIndexOf('/');
    return slash < 0
        ? isTestHere(name.substring(0, dot), name.substring(dot + 1))
        : isTestThere(
            ROOT.resolve(name.substring(0, slash)),
            name.substring(slash + 1, dot),
            name.substring(dot + 1));
  }

  private static boolean isTestHere(String type, String method) {
    try {
      Class<?> tests = Class.forName(ConformanceTableTest.class.getPackageName() + "." + type);
      return Arrays.stream(tests.getDeclaredMethods())
          .anyMatch(one -> one.getName().equals(method) && one.isAnnotationPresent(Test.class));
    } catch (ClassNotFoundException nothing) {
      return false;
    }
  }

  /** Another module's tests are not on this one's class path: its source must do. */
  private static boolean isTestThere(Path module, String type, String method) throws IOException {
    for (Path source : sources(module)) {
      if (source.endsWith(type + ".java")) {
        return Files.readString(source).contains("  void " + method + "(");
      }
    }
    return false;
  }

  private static List<Path> sources(Path module) throws IOException {
    try (Stream<Path> files = Files.walk(module)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
