package dev.osprey.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one command to a running instance and ends with its exit code. */
@Command(
    description = "Send a command to a running instance, for instance: ctl extensions --json",
    footer = {
      "",
      "Commands: listeners, connections, clusters, extensions, generations,",
      "deploy, swap, back, reload, drain, reports, stats, why-pinned, config dump;",
      "and the framework's lb, stop, start, update, install, uninstall, refresh.",
      "\"ctl help\" tells what each does, and needs a running instance, as all do."
    })
final class CtlCommand implements Callable<Integer> {
  @Mixin FolderOptions.Data data = new FolderOptions.Data();

  @Option(names = "--json", description = "Answer in JSON.")
  boolean json;

  @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "A command and its words.")
  List<String> words = new ArrayList<>();

  private final Home home;

  private CtlCommand(Home home) {
    this.home = home;
  }

  /** The command; options that it does not know belong to the command that it sends. */
  static CommandLine line(Home home) {
    return new CommandLine(new CtlCommand(home)).setUnmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() throws Exception {
    try (ControlClient client = ControlClient.connect(data.in(home))) {
      String command = words.getFirst();
      List<String> arguments = LocalFiles.resolve(command, words.subList(1, words.size()));
      if (command.equals(WhyPinned.NAME)) {
        return new WhyPinned(client, System.out).run(arguments, json);
      }
      return client.send(
          new ControlRequest.Words(command, arguments, json), System.out, System.err);
    }
  }
}
