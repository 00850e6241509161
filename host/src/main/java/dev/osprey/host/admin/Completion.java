package dev.osprey.host.admin;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How a line could go on: the name of a command, then what that command is about. */
final class Completion {
  private static final Set<String> ABOUT_EXTENSIONS = Set.of("swap", "back");
  private static final Set<String> ABOUT_BUNDLES =
      Set.of("start", "stop", "update", "uninstall", "refresh", "headers", "resolve");

  private final Commands commands;
  private final List<String> shellCommands;
  private final List<String> bundleIds;

  Completion(Commands commands, List<String> shellCommands, List<String> bundleIds) {
    this.commands = commands;
    this.shellCommands = shellCommands;
    this.bundleIds = bundleIds;
  }

  /** The candidates for the last word of {@code before}. */
  List<String> of(String before) {
    String[] words = before.stripLeading().split("\\s+", -1);
    String last = words[words.length - 1];
    Stream<String> candidates = words.length == 1 ? names() : arguments(words[0]);
    return List.copyOf(
        new TreeSet<>(candidates.filter(candidate -> candidate.startsWith(last)).toList()));
  }

  private Stream<String> names() {
    return Stream.concat(commands.all().stream().map(Command::name), shellCommands.stream());
  }

  private Stream<String> arguments(String command) {
    if (ABOUT_EXTENSIONS.contains(command)) {
      return Stream.concat(
          commands.extensions().stream(),
          command.equals("swap") ? Stream.of("--no-rehearsal") : Stream.empty());
    }
    if (command.equals("config")) {
      return Stream.of("dump");
    }
    return ABOUT_BUNDLES.contains(command) ? bundleIds.stream() : Stream.empty();
  }
}
