package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Plain lines are read as the command line library reads them, and all others are left to it. */
final class RunCommandTest {
  private final Home home = new Home(Path.of("/nowhere"));

  @ParameterizedTest
  @ValueSource(
      strings = {"run", "run -v", "run -c a.yaml", "run --config a.yaml --data d --deploy e -v"})
  void readsPlainLinesAsTheLibraryDoes(String line) {
    String[] words = line.split(" ");
    RunCommand plain = RunCommand.plain(home, words);
    RunCommand read = new RunCommand(home);
    new CommandLine(read).parseArgs(Arrays.copyOfRange(words, 1, words.length));
    assertThat(plain).isNotNull();
    assertThat(plain.config).isEqualTo(read.config);
    assertThat(plain.data.data).isEqualTo(read.data.data);
    assertThat(plain.deploy.deploy).isEqualTo(read.deploy.deploy);
    assertThat(plain.verbose).isEqualTo(read.verbose);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ctl",
        "run -h",
        "run --help",
        "run -c",
        "run --config=a.yaml",
        "run -c -v",
        "run x y",
        "run --dat d",
        "-v run",
        "run -c @a",
        "run -c a -c b",
        "run -v -v",
        "run --verbose"
      })
  void leavesOtherLinesToTheLibrary(String line) {
    assertThat(RunCommand.plain(home, line.split(" "))).isNull();
  }
}
