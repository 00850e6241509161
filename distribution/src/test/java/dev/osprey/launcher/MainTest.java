package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a user reads who asks for something that can't be had. */
@Isolated("reads standard error")
final class MainTest {
  @TempDir Path temp;

  @Test
  void saysWhyAConfigurationCannotBeRead() {
    String missing = temp.resolve("missing.yaml").toString();

    assertThat(run(1, "check", "-c", missing))
        .isEqualTo(
            "osprey: cannot read the configuration " + missing + ": there is no such file\n");
    assertThat(run(1, "check", "-c", temp.toString())).endsWith(temp + ": it is a folder\n");
  }

  @Test
  void namesTheDemonstrations_whenNoneIsChosen() {
    assertThat(run(2, "demo")).contains("Usage: osprey demo").contains("swap  Swap the HTTP/1");
  }

  @Test
  void saysWhatIsWrongWithAFolder_inOneLine() throws Exception {
    String file = Files.writeString(temp.resolve("file"), "").toString();
    String data = temp.resolve("data").toString();

    assertThat(run(1, "run", "--data", data, "--deploy", file))
        .isEqualTo(
            "osprey: cannot use the deploy folder %s (%s: it exists and is no folder);"
                    .formatted(file, file)
                + " choose one with --deploy DIR\n");
    assertThat(run(1, "run", "--data", file))
        .startsWith("osprey: cannot use the data folder " + file)
        .contains("choose one with --data DIR");
  }

  @Test
  void saysThatNoInstanceRuns() {
    assertThat(run(1, "ctl", "listeners", "--data", temp.toString()))
        .startsWith("osprey: no instance runs on the data folder " + temp);
  }

  @Test
  void pointsToTheUsage_whenTheLineIsWrong() {
    assertThat(run(2, "chekc")).contains("'chekc'", "Did you mean: osprey check");
    assertThat(run(2, "check")).contains("--config=FILE");
  }

  /** Runs a command line, checks its exit code and gives what it wrote to standard error. */
  private String run(int exit, String... line) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run(new Home(temp.resolve("home")), line)).isEqualTo(exit);
    } finally {
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8);
  }
}
