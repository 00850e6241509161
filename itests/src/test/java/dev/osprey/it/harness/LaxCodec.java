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

/** A build of the HTTP/1 codec with a hole: it takes spaces for a part of a field's name. */
public final class LaxCodec {
  private static final String STRICT = "Chars.isToken(a[nameEnd])";
  private static final String LAX = "(Chars.isToken(a[nameEnd]) || a[nameEnd] == ' ')";

  private LaxCodec() {}

  /** Compiles the codec's own sources with the hole in them. */
  public static Path build(String version) {
    Path out = Scratch.folder("lax");
    Path sources = spoil(out.resolve("src"));
    compile(sources, out.resolve("classes"));
    Path classes = out.resolve("classes");
    JarForge jar = Builds.forgeCodec().withVersion(version);
    files(classes, ".class")
        .forEach(file -> jar.withEntry(classes.relativize(file).toString(), bytes(file)));
    return jar.write();
  }

  private static Path spoil(Path to) {
    Path root =
        Path.of(Objects.requireNonNull(System.getProperty("osprey.basedir")))
            .resolve("bundles/codec-http1/src/main/java");
    boolean spoilt = false;
    try {
      for (Path file : files(root, ".java")) {
        String text = Files.readString(file);
        spoilt |= text.contains(STRICT);
        Path copy = to.resolve(root.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.writeString(copy, text.replace(STRICT, LAX));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    if (!spoilt) {
      throw new IllegalStateException(
          "the codec no longer says " + STRICT + ": spoil it elsewhere");
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
        throw new IllegalStateException("the lax codec does not compile");
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
