package dev.osprey.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/** A configuration file named on the command line. */
final class ConfigFile {
  private ConfigFile() {}

  /** The absolute path of a file that can be read. */
  static Path existing(Path file) {
    String why = null;
    if (!Files.exists(file)) {
      why = "there is no such file";
    } else if (Files.isDirectory(file)) {
      why = "it is a folder";
    } else if (!Files.isReadable(file)) {
      why = "no permission";
    }
    if (why != null) {
      throw new CommandFailure("cannot read the configuration " + file + ": " + why);
    }
    return file.toAbsolutePath().normalize();
  }
}
