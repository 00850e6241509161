package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The two builds of the HTTP/1 codec that an archive holds. */
record CodecJars(Path shipped, Path next) {
  static final String SYMBOLIC_NAME = "dev.osprey.codec.http1";

  static CodecJars in(Home home) throws IOException {
    return new CodecJars(only(home.extensions()), only(home.demo()));
  }

  /** The jar for a swap, counted from 1: each time the one that is not in use. */
  Path forSwap(int number) {
    return number % 2 == 1 ? next : shipped;
  }

  private static Path only(Path folder) throws IOException {
    List<Path> jars = Home.jars(folder);
    for (Path jar : jars) {
      if (SYMBOLIC_NAME.equals(symbolicName(jar))) {
        return jar;
      }
    }
    throw new CommandFailure("the archive is not whole: no " + SYMBOLIC_NAME + " in " + folder);
  }

  private static String symbolicName(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String name =
          manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
      return name == null ? "" : name.split(";", 2)[0].strip();
    }
  }
}
