package dev.osprey.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A jar of {@code system/platform}, named {@code NN-name.jar}; NN is its start level. */
record PlatformBundle(int startLevel, Path jar) {
  private static final Pattern NAME = Pattern.compile("(\\d{1,3})-.+\\.jar");

  /**
   * All bundles of a folder in the order they start in.
   *
   * @throws CommandFailure if there are none
   */
  static List<PlatformBundle> in(Path folder) {
    List<PlatformBundle> found =
        Home.jars(folder).stream().map(PlatformBundle::of).flatMap(Optional::stream).toList();
    if (found.isEmpty()) {
      throw new CommandFailure("the archive is not whole: no bundles in " + folder);
    }
    return found;
  }

  private static Optional<PlatformBundle> of(Path jar) {
    Matcher name = NAME.matcher(jar.getFileName().toString());
    return name.matches()
        ? Optional.of(new PlatformBundle(Math.max(1, Integer.parseInt(name.group(1))), jar))
        : Optional.empty();
  }

  /** Where the framework finds the jar: in its place, not copied. */
  String location() {
    return "reference:" + jar.toUri();
  }
}
