package dev.osprey.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder an archive unpacks to: {@code bin conf deploy system docs}. */
record Home(Path root) {
  private static final Pattern HOST = Pattern.compile("osprey-host-(.+)\\.jar");

  /** The folder that {@code bin/osprey} names in the system property {@code osprey.home}. */
  static Home fromSystemProperty() {
    return new Home(Path.of(System.getProperty("osprey.home", ".")).toAbsolutePath().normalize());
  }

  Path command() {
    return root.resolve("bin/osprey");
  }

  Path conf(String file) {
    return root.resolve("conf").resolve(file);
  }

  Path defaultDeploy() {
    return root.resolve("deploy");
  }

  Path defaultData() {
    return root.resolve("data");
  }

  Path platform() {
    return root.resolve("system/platform");
  }

  Path extensions() {
    return root.resolve("system/extensions");
  }

  Path demo() {
    return root.resolve("system/demo");
  }

  /** The version of the host in this archive, or {@code unknown} outside of one. */
  String version() {
    return jars(platform()).stream()
        .map(jar -> HOST.matcher(jar.getFileName().toString()))
        .filter(Matcher::matches)
        .map(match -> match.group(1))
        .findFirst()
        .orElse("unknown");
  }

  /** The jars of a folder in the order of their names; none if there is no such folder. */
  static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
