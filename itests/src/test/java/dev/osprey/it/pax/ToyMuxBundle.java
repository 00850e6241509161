package dev.osprey.it.pax;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.JarForge;
import dev.osprey.testkit.toy.ToyMuxActivator;
import dev.osprey.testkit.toy.ToyMuxFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The test kit's multiplexed codec as a bundle of any version. */
public final class ToyMuxBundle {
  static final String NAME = "dev.osprey.testkit.toy";

  private ToyMuxBundle() {}

  static Path version(String version) {
    return forge(version).write();
  }

  /** The bundle in the making. */
  public static JarForge forge(String version) {
    JarForge jar =
        JarForge.of(Archive.shared().extension("osprey-codec-http1"))
            .withoutClasses()
            .withVersion(version)
            .with("Bundle-SymbolicName", NAME)
            .importing("io.netty.util")
            .with("Bundle-Activator", ToyMuxActivator.class.getName())
            .with("Real-Activator", ToyMuxActivator.class.getName())
            .with(
                "Provide-Capability",
                "dev.osprey.extension; kind=codec; name=toymux; config=\""
                    + ToyMuxFactory.CONFIG_TYPE
                    + "\"");
    addPackage(jar);
    return jar;
  }

  private static void addPackage(JarForge jar) {
    URI source = location();
    try {
      Path path = Path.of(source);
      if (Files.isDirectory(path)) {
        addFrom(jar, path);
      } else {
        try (FileSystem zip = FileSystems.newFileSystem(path)) {
          addFrom(jar, zip.getPath("/"));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static URI location() {
    return URI.create(
        ToyMuxFactory.class.getProtectionDomain().getCodeSource().getLocation().toString());
  }

  private static void addFrom(JarForge jar, Path root) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("dev/osprey/testkit/toy"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".class")).toList()) {
        String entry = root.relativize(file).toString().replace('\\', '/');
        if (!entry.contains("ToyMuxClient") && !entry.contains("ToyMuxUpstream")) {
          jar.withEntry(entry, Files.readAllBytes(file));
        }
      }
    }
  }
}
