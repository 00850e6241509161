package dev.osprey.launcher;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Files that the words of a command name. The instance has a working folder of its own, so what is
 * relative here must be made whole before it is sent.
 */
final class LocalFiles {
  private LocalFiles() {}

  /** The words with files in the form that the command wants; words that name no file stay. */
  static List<String> resolve(String command, List<String> words) {
    return switch (command) {
      case "deploy" -> each(words, file -> file.toAbsolutePath().normalize().toString());
      case "install", "update", "felix:install", "felix:update" ->
          each(words, file -> file.toAbsolutePath().normalize().toUri().toString());
      default -> words;
    };
  }

  private static List<String> each(List<String> words, Function<Path, String> form) {
    return words.stream().map(word -> isFile(word) ? form.apply(Path.of(word)) : word).toList();
  }

  private static boolean isFile(String word) {
    try {
      return Files.isRegularFile(Path.of(word));
    } catch (InvalidPathException noPath) {
      return false;
    }
  }
}
