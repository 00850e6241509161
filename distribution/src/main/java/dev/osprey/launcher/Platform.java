package dev.osprey.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;

/**
 * What all bundles stand on: the jars of {@code system/platform}, which are on the JVM's own class
 * path. The framework lends bundles only the packages that the file {@code packages} names, and
 * starts the activators that the jars' manifests name.
 *
 * @param exports packages with their versions, as {@code Export-Package} writes them
 * @param activators class names by their jar, in the order of the jars' names
 */
record Platform(String exports, Map<String, String> activators) {
  private static final String PACKAGES = "packages";

  // A comma within quotes is no separator.
  private static final Pattern CLAUSE = Pattern.compile("(?:[^\",]|\"[^\"]*\")+");
  private static final Pattern VERSION = Pattern.compile(";\\s*version\\s*=\\s*\"?([^\";]+)");

  /**
   * Reads a folder.
   *
   * @throws CommandFailure if it has no jars or does not say what it lends
   */
  static Platform in(Path folder) {
    List<Path> jars = Home.jars(folder);
    if (jars.isEmpty()) {
      throw new CommandFailure("the archive is not whole: no jars in " + folder);
    }
    List<String> lent = lent(folder.resolve(PACKAGES));
    Map<String, String> exports = new LinkedHashMap<>();
    Map<String, String> activators = new LinkedHashMap<>();
    for (Path jar : jars) {
      Attributes main = mainAttributes(jar);
      addExports(main.getValue(Constants.EXPORT_PACKAGE), lent, exports);
      String activator = main.getValue(Constants.BUNDLE_ACTIVATOR);
      if (activator != null) {
        activators.put(jar.getFileName().toString(), activator.strip());
      }
    }
    return new Platform(String.join(",", exports.values()), activators);
  }

  private static List<String> lent(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException unreadable) {
      throw new CommandFailure("the archive is not whole: no " + file);
    }
  }

  private static Attributes mainAttributes(Path jar) {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the jar " + jar + " can't be read", unreadable);
    }
  }

  private static void addExports(
      @Nullable String header, List<String> lent, Map<String, String> exports) {
    if (header == null) {
      return;
    }
    Matcher clauses = CLAUSE.matcher(header);
    while (clauses.find()) {
      String clause = clauses.group();
      int end = clause.indexOf(';');
      String name = (end < 0 ? clause : clause.substring(0, end)).strip();
      if (isLent(name, lent)) {
        Matcher version = VERSION.matcher(clause);
        String attribute = version.find() ? ";version=\"" + version.group(1) + "\"" : "";
        exports.putIfAbsent(name, name + attribute);
      }
    }
  }

  private static boolean isLent(String name, List<String> lent) {
    return lent.stream()
        .anyMatch(pattern ->
            pattern.endsWith(".*")
                ? (name + ".").startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern));
  }
}
