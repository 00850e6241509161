package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The table of rules in {@code conformance.txt}: each has a test that exists. */
class ConformanceTableTest {
  private static final int LEAST_ROWS = 80;

  @Test
  void everyRuleHasATest() throws IOException {
    List<String> rows = rows();
    assertThat(rows).hasSizeGreaterThan(LEAST_ROWS);
    for (String row : rows) {
      String[] cells = row.split(" \\| ", -1);
      assertThat(cells).as(row).hasSize(3);
      for (String test : cells[2].split(",", -1)) {
        assertThat(isTest(test.strip())).as("%s: is %s a test?", row, test).isTrue();
      }
    }
  }

  @Test
  void aRowWithoutItsTestIsFound() {
    assertThat(isTest("FrameRulesTest.noSuchTest")).isFalse();
    assertThat(isTest("NoSuchTest.sendsSettingsFirst")).isFalse();
    assertThat(isTest("")).isFalse();
  }

  private static List<String> rows() throws IOException {
    try (InputStream table =
            Objects.requireNonNull(
                ConformanceTableTest.class.getResourceAsStream("conformance.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private static boolean isTest(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return false;
    }
    try {
      String type = ConformanceTableTest.class.getPackageName() + "." + name.substring(0, dot);
      return Arrays.stream(Class.forName(type).getDeclaredMethods())
          .anyMatch(method ->
              method.getName().equals(name.substring(dot + 1))
                  && method.isAnnotationPresent(Test.class));
    } catch (ClassNotFoundException nothing) {
      return false;
    }
  }
}
