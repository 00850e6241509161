package dev.osprey.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The demonstrations that are in the archive. */
@Command(description = "Demonstrations: demo swap", synopsisSubcommandLabel = "COMMAND")
final class DemoCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  private DemoCommand() {}

  static CommandLine line(Home home) {
    return new CommandLine(new DemoCommand()).addSubcommand("swap", new Swap(home));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(System.err);
    return 2;
  }

  /** Swaps the HTTP/1 codec of a private instance under load and counts what was lost. */
  @Command(
      description =
          "Swap the HTTP/1 codec of a private instance between two builds while clients that never"
              + " retry load it; print each report and a summary; exit 1 on any loss.")
  static final class Swap implements Callable<Integer> {
    @Option(
        names = "--swaps",
        paramLabel = "N",
        defaultValue = "10",
        description = "How many swaps (default: ${DEFAULT-VALUE}).")
    int swaps;

    @Option(names = "--keep", description = "Leave the private instance's folder in place.")
    boolean keep;

    private final Home home;

    Swap(Home home) {
      this.home = home;
    }

    @Override
    public Integer call() throws Exception {
      return new SwapDemo(home, System.out).run(swaps, keep);
    }
  }
}
