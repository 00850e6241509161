package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text file with places named <code>${name}</code>. */
record Template(String text) {
  private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z_]+)}");

  static Template read(Path file) {
    try {
      return new Template(Files.readString(file));
    } catch (IOException failure) {
      throw new CommandFailure("cannot read " + file + " (" + FileTrouble.words(failure) + ")");
    }
  }

  /**
   * Fills every place.
   *
   * @throws CommandFailure if a place has no value
   */
  String fill(Map<String, ?> values) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(value(place.group(1), values)));
  }

  private static String value(String name, Map<String, ?> values) {
    Object value = values.get(name);
    if (value == null) {
      throw new CommandFailure("the template has an unknown place ${" + name + "}");
    }
    return value.toString();
  }
}
