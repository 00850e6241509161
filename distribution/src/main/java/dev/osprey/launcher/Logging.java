package dev.osprey.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** What Osprey, its extensions and Netty log, as {@code conf/logback.xml} says. */
final class Logging {
  static final String FILE = "logback.configurationFile";

  private Logging() {}

  /**
   * Reads the configuration on a thread of its own; what is logged meanwhile is kept and follows.
   *
   * @throws CommandFailure if the archive has none
   */
  static void start(Home home) {
    Path file = home.conf("logback.xml");
    if (System.getProperty(FILE) == null && Files.isRegularFile(file)) {
      System.setProperty(FILE, file.toUri().toString());
    }
    // Or SLF4J itself would tell on standard error that something was kept.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    Thread.ofPlatform()
        .daemon()
        .name("osprey-logging-start")
        .start(() -> {
          LoggerFactory.getILoggerFactory();
          StartTrace.mark("logging");
        });
  }
}
