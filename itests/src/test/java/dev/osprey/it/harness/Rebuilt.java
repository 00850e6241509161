package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A build of a bundle whose sources say something else in one place. */
public final class Rebuilt {
  private Rebuilt() {}

  /**
   * Compiles a bundle's own sources with another text in the place of one.
   *
   * @param bundle the name of its folder
   */
  public static Path build(String bundle, String version, String text, String by) {
    Path out = Scratch.folder("rebuilt");
    Path sources = change(bundle, out.resolve("src"), text, by);
    Path classes = out.resolve("classes");
    compile(sources, classes);
    JarForge jar = JarForge.of(Archive.shared().extension("osprey-" + bundle)).withVersion(version);
    files(classes, ".class")
        .forEach(file -> jar.withEntry(classes.relativize(file).toString(), bytes(file)));
    return jar.write();
  }

  private static Path change(String bundle, Path to, String text, String by) {
    Path root =
        Path.of(Objects.requireNonNull(System.getProperty("osprey.basedir")))
            .resolve("bundles")
            .resolve(bundle)
            .resolve("src/main/java");
    boolean changed = false;
    try {
      for (Path file : files(root, ".java")) {
        String source = Files.readString(file);
        changed |= source.contains(text);
        Path copy = to.resolve(root.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.writeString(copy, source.replace(text, by));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    if (!changed) {
      throw new IllegalStateException(bundle + " no longer says " + text + ": change it elsewhere");
    }
    return to;
  }

  private static void compile(Path sources, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      Files.createDirectories(classes);
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-Xlint:none",
              "-d",
              classes.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      boolean right =
          compiler
              .getTask(
                  null,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files(sources, ".java")))
              .call();
      if (!right) {
        throw new IllegalStateException("what was changed does not compile");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<Path> files(Path root, String suffix) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
