package dev.osprey.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/** A configuration file named on the command line. */
final class ConfigFile {
  private ConfigFile() {}

  /** The absolute path of a file that can be read. */
  static Path existing(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new CommandFailure("cannot read the configuration " + file);
    }
    return file.toAbsolutePath().normalize();
  }
}
