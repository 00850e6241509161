package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Temporary folders that are deleted when this JVM ends. */
public final class Scratch {
  private static final Path ROOT = root();

  private Scratch() {}

  /** A new folder. */
  public static Path folder(String purpose) {
    try {
      return Files.createTempDirectory(ROOT, purpose + "-");
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  private static Path root() {
    try {
      Path root = Files.createTempDirectory("osprey-it-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root), "osprey-it-scratch"));
      return root;
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  private static void delete(Path root) {
    if (Boolean.getBoolean("osprey.it.keep")) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException leftover) {
      System.err.println("left in place: " + root + " (" + leftover + ")");
    }
  }
}
