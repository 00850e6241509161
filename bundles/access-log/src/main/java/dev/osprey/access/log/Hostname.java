package dev.osprey.access.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine, read when a format is compiled. */
final class Hostname {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private Hostname() {}

  static Operator operator() {
    String name = read();
    return new TextOperator(_ -> name);
  }

  /** Without asking a name server; empty when nobody knows. */
  private static String read() {
    try {
      return Files.readString(KERNEL).strip();
    } catch (IOException e) {
      String name = System.getenv("HOSTNAME");
      return name == null ? "" : name;
    }
  }
}
