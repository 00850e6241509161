package dev.osprey.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of the process in a file of Java properties; a system property of the same name comes
 * before it.
 */
final class SettingsFile {
  /** All that the host reads of it; docs/configuration.md says what they mean. */
  static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "osprey.hold",
              "osprey.max_drain",
              "osprey.when_full",
              "osprey.rehearsal",
              "osprey.overload.tight",
              "osprey.overload.full",
              "osprey.read_bytes",
              "osprey.transport",
              "osprey.drain"));

  private SettingsFile() {}

  /** The settings of a file; none when there is no such file. */
  static Map<String, String> read(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    Map<String, String> settings = new TreeMap<>();
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      for (String name : properties.stringPropertyNames()) {
        if (!NAMES.contains(name)) {
          throw unknown(file, name);
        }
        settings.put(name, properties.getProperty(name).strip());
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new CommandFailure("cannot read " + file + ": " + unreadable.getMessage());
    }
    return settings;
  }

  private static CommandFailure unknown(Path file, String name) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int line = 1;
    while (line < lines.size() && !lines.get(line - 1).strip().startsWith(name)) {
      line++;
    }
    return new CommandFailure(
        file + ":" + line + ": expected one of " + String.join(", ", NAMES) + "; found " + name);
  }
}
