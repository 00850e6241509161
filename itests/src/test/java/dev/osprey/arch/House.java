package dev.osprey.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The modules of this build as they lie on the disk: their classes and their main sources. */
final class House {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("osprey.basedir"), "osprey.basedir"));

  private House() {}

  /** The classes of the contracts. */
  static JavaClasses spi() {
    return classes("spi/api");
  }

  /** The classes of the kernel. */
  static JavaClasses host() {
    return classes("host");
  }

  /** The classes of each bundle by the name of its folder. */
  static SortedMap<String, JavaClasses> bundles() {
    SortedMap<String, JavaClasses> all = new TreeMap<>();
    for (Path folder : bundleFolders()) {
      String name = folder.getFileName().toString();
      all.put(name, classes("bundles/" + name));
    }
    return all;
  }

  /** The classes of each library that bundles embed, by the name of its folder. */
  static SortedMap<String, JavaClasses> libraries() {
    SortedMap<String, JavaClasses> all = new TreeMap<>();
    for (Path folder : libraryFolders()) {
      String name = folder.getFileName().toString();
      all.put(name, classes("bundles/" + name));
    }
    return all;
  }

  /** The package of a bundle, which is its symbolic name. */
  static String packageOf(String bundle) {
    String header = "Bundle-SymbolicName: ";
    try (Stream<String> lines = Files.lines(ROOT.resolve("bundles/" + bundle + "/bnd.bnd"))) {
      return lines
          .filter(line -> line.startsWith(header))
          .map(line -> line.substring(header.length()).strip())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(bundle + " has no symbolic name"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The packages that the framework lends to bundles, as ArchUnit writes them. */
  static String[] platformPackages() {
    try (Stream<String> lines = Files.lines(ROOT.resolve("distribution/src/platform/packages"))) {
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.strip().replace(".*", ".."))
          .toArray(String[]::new);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * The packages of the libraries that a bundle's jar embeds, as ArchUnit writes them. Of ours only
   * those that are libraries: what is another bundle's does not become allowed by embedding it.
   */
  static String[] librariesOf(String bundle) {
    Path root = ROOT.resolve("bundles/" + bundle + "/target/classes");
    Set<String> ours =
        libraries().values().stream()
            .flatMap(classes -> classes.stream())
            .map(type -> type.getPackageName())
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
          .filter(name -> !name.startsWith("dev.osprey") || ours.contains(name))
          .distinct()
          .toArray(String[]::new);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Main sources of some modules, named by folder. */
  static List<Path> sources(String... modules) {
    return files(Stream.of(modules), "src/main/java");
  }

  /** The sources of all tests. */
  static List<Path> tests() {
    return files(Stream.concat(modules().stream(), Stream.of("itests")), "src/test/java");
  }

  /** Main sources of all modules that make the product, and of the tools that test it. */
  static List<Path> allSources() {
    return sources(modules().toArray(String[]::new));
  }

  /** Every class name of the contracts. */
  static List<String> spiClassNames() {
    return spi().stream().map(type -> type.getName()).sorted().toList();
  }

  private static List<String> modules() {
    return Stream.concat(
            Stream.of("spi/api", "spi/testkit", "host", "distribution", "itests/load"),
            Stream.concat(bundleFolders().stream(), libraryFolders().stream())
                .map(folder -> "bundles/" + folder.getFileName()))
        .toList();
  }

  private static List<Path> files(Stream<String> modules, String folder) {
    return modules
        .map(module -> ROOT.resolve(module).resolve(folder))
        .flatMap(it -> javaFiles(it).stream())
        .toList();
  }

  private static JavaClasses classes(String module) {
    Path folder = ROOT.resolve(module).resolve("target/classes/dev/osprey");
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(folder + " is missing: build the module first");
    }
    return new ClassFileImporter().importPath(folder);
  }

  private static List<Path> bundleFolders() {
    return moduleFolders().filter(House::isBundle).toList();
  }

  private static List<Path> libraryFolders() {
    return moduleFolders().filter(folder -> !isBundle(folder)).toList();
  }

  private static boolean isBundle(Path folder) {
    return Files.exists(folder.resolve("bnd.bnd"));
  }

  private static Stream<Path> moduleFolders() {
    try (Stream<Path> folders = Files.list(ROOT.resolve("bundles"))) {
      return folders.filter(it -> Files.exists(it.resolve("pom.xml"))).sorted().toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<Path> javaFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
