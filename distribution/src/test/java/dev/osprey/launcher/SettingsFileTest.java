package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsFileTest {
  private static final Path SHIPPED = Path.of("src/conf/settings.properties");
  private static final Path REFERENCE = Path.of("../docs/configuration.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(osprey\\.[a-z_.]+)` \\| `?([a-z0-9]+)`? \\|");

  @TempDir Path home;

  @AfterEach
  void clear() {
    System.clearProperty("osprey.hold");
  }

  private Path write(String text) throws IOException {
    Path conf = Files.createDirectories(home.resolve("conf"));
    return Files.writeString(conf.resolve("settings.properties"), text);
  }

  private Map<String, Object> frameworkProperties() throws Exception {
    HostSettings settings =
        new HostSettings(new Home(home), HostSettings.Mode.RUN, home.resolve("c.yaml"), home, home);
    return settings.frameworkProperties(new Platform("", Map.of()));
  }

  @Test
  void isReadIntoTheFrameworksProperties() throws Exception {
    write("# a comment\n osprey.hold = 20 \nosprey.transport=io_uring\n");
    assertThat(frameworkProperties())
        .containsEntry("osprey.hold", "20")
        .containsEntry("osprey.transport", "io_uring");
  }

  @Test
  void aSystemPropertyComesFirst() throws Exception {
    write("osprey.hold=20\n");
    System.setProperty("osprey.hold", "5");
    assertThat(frameworkProperties()).containsEntry("osprey.hold", "5");
  }

  @Test
  void needNotBeThere() {
    assertThat(SettingsFile.read(home.resolve("none"))).isEmpty();
  }

  @Test
  void aNameThatNobodyReadsIsRefusedWithItsLine() throws Exception {
    Path file = write("# one\n\nosprey.transprot=nio\n");
    assertThatThrownBy(() -> SettingsFile.read(file))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith(file + ":3: expected one of osprey.drain, ")
        .hasMessageEndingWith("; found osprey.transprot");
  }

  @Test
  void aFileThatCannotBeReadIsRefused() throws Exception {
    Path file = write("osprey.hold=\\u00zz\n");
    assertThatThrownBy(() -> SettingsFile.read(file))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("cannot read " + file);
  }

  @Test
  void theShippedFileNamesTheDefaultsOfTheReference() throws Exception {
    Properties shipped = new Properties();
    shipped.load(new StringReader(Files.readString(SHIPPED).replace("#osprey.", "osprey.")));
    Map<String, String> documented = new TreeMap<>();
    ROW.matcher(Files.readString(REFERENCE))
        .results()
        .forEach((MatchResult row) -> documented.put(row.group(1), row.group(2)));
    assertThat(documented.keySet()).isEqualTo(SettingsFile.NAMES);
    assertThat(shipped).containsExactlyInAnyOrderEntriesOf(documented);
    assertThat(SettingsFile.read(SHIPPED)).as("all of it is commented out").isEmpty();
  }
}
