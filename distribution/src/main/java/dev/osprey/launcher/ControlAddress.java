package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the control socket of an instance is. */
final class ControlAddress {
  private ControlAddress() {}

  /**
   * The path of the socket: {@code ctl.sock} in the data folder, unless that name is too long for a
   * socket and {@code ctl.path} names another.
   */
  static Path of(Path data) throws IOException {
    Path pointer = data.resolve("ctl.path");
    return Files.exists(pointer)
        ? Path.of(Files.readString(pointer).strip())
        : data.resolve("ctl.sock");
  }
}
