package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The archive that users unpack: unpacked once for all tests of a run, or once more to be spoilt.
 */
public final class Archive {
  private static final Archive SHARED = unpack();

  private final Path home;

  private Archive(Path home) {
    this.home = home;
  }

  /** The unpacked archive that all tests share; nobody changes it. */
  public static Archive shared() {
    return SHARED;
  }

  /** An unpacked archive of its own, to take something out of. */
  public static Archive unpack() {
    Path archive = Path.of(Objects.requireNonNull(System.getProperty("osprey.archive")));
    if (!Files.isRegularFile(archive)) {
      throw new IllegalStateException(
          archive + " is missing: build it with mvn -DskipTests -pl distribution -am package");
    }
    Path folder = Scratch.folder("archive");
    Programs.run(folder, "tar", "-xzf", archive.toString()).orFail();
    try (Stream<Path> roots = Files.list(folder)) {
      return new Archive(roots.findFirst().orElseThrow());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The folder {@code osprey-<version>}. */
  public Path home() {
    return home;
  }

  /** The command {@code bin/osprey}. */
  public Path command() {
    return home.resolve("bin/osprey");
  }

  /** The jar of an extension as the archive brings it. */
  public Path extension(String artifact) {
    return only(home.resolve("system/extensions"), artifact);
  }

  /** Puts a jar {@code artifact-version.jar} into the place of the system's build, if any. */
  public void replace(Path jar) {
    String file = jar.getFileName().toString();
    String artifact = file.substring(0, file.lastIndexOf('-') + 1);
    Path folder = home.resolve("system/extensions");
    try (Stream<Path> jars = Files.list(folder)) {
      for (Path old :
          jars.filter(it -> it.getFileName().toString().startsWith(artifact)).toList()) {
        Files.delete(old);
      }
      Files.copy(jar, folder.resolve(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The second build of the HTTP/1 codec. */
  public Path nextCodec() {
    return only(home.resolve("system/demo"), "osprey-codec-http1");
  }

  /** The jar of the contracts. */
  public Path spi() {
    return only(home.resolve("system/platform"), "osprey-spi");
  }

  /** The jar of the kernel. */
  public Path host() {
    return only(home.resolve("system/platform"), "osprey-host");
  }

  private static Path only(Path folder, String prefix) {
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + prefix + " in " + folder));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
