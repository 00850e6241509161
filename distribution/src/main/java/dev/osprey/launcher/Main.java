package dev.osprey.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The entry of {@code bin/osprey}: reads the command line and leaves the rest to a command. */
@Command(
    name = "osprey",
    description = "A proxy for services whose protocols and policies swap while traffic flows.",
    synopsisSubcommandLabel = "COMMAND")
final class Main implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  private final CommandLine commandLine;

  private Main(Home home) {
    commandLine = new CommandLine(CommandSpec.forAnnotatedObject(this));
    commandLine
        .addSubcommand("run", new RunCommand(home))
        .addSubcommand("check", new CheckCommand(home))
        .addSubcommand("ctl", CtlCommand.line(home))
        .addSubcommand("shell", new ShellCommand(home))
        .addSubcommand("demo", DemoCommand.line(home))
        .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line));
    commandLine.getCommandSpec().version("osprey " + home.version());
  }

  /** Runs a command and gives its exit code: 0 well, 1 failed, 2 a wrong command line. */
  static int run(Home home, String... arguments) {
    return new Main(home).commandLine.execute(arguments);
  }

  public static void main(String[] arguments) {
    StartTrace.mark("launcher");
    System.exit(run(Home.fromSystemProperty(), arguments));
  }

  @Override
  public Integer call() {
    commandLine.usage(commandLine.getErr());
    return 2;
  }

  private static int failed(Exception failure, CommandLine line) throws Exception {
    if (failure instanceof CommandFailure) {
      line.getErr().println("osprey: " + failure.getMessage());
      return 1;
    }
    throw failure;
  }
}
