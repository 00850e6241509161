package dev.osprey.launcher;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The entry of {@code bin/osprey}: reads the command line and leaves the rest to a command. */
@Command(
    name = "osprey",
    description = "A proxy for services whose protocols and policies swap while traffic flows.",
    synopsisSubcommandLabel = "COMMAND")
final class Main implements Callable<Integer> {
  private static final Set<String> STARTING = Set.of("run", "check");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  /** Every command by its name, made when it is needed: reading them all costs a slow start. */
  private static Map<String, Supplier<Object>> commands(Home home) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("run", () -> new RunCommand(home));
    commands.put("check", () -> new CheckCommand(home));
    commands.put("ctl", () -> CtlCommand.line(home));
    commands.put("shell", () -> new ShellCommand(home));
    commands.put("train", () -> new TrainCommand(home, System.out));
    commands.put("demo", () -> DemoCommand.line(home));
    return commands;
  }

  /** Runs a command and gives its exit code: 0 well, 1 failed, 2 a wrong command line. */
  static int run(Home home, String... arguments) {
    RunCommand plain = RunCommand.plain(home, arguments);
    return plain == null ? parse(home, arguments) : runPlain(plain);
  }

  private static int runPlain(RunCommand command) {
    try {
      return command.call();
    } catch (Exception failure) {
      return failed(failure);
    }
  }

  private static int parse(Home home, String... arguments) {
    Map<String, Supplier<Object>> commands = commands(home);
    String first = arguments.length == 0 ? "" : arguments[0];
    CommandLine line = new CommandLine(new Main());
    commands.forEach((name, command) -> {
      if (name.equals(first) || !commands.containsKey(first)) {
        line.addSubcommand(name, command.get());
      }
    });
    line.getCommandSpec().version("osprey " + home.version());
    return line.setExecutionExceptionHandler((failure, _, _) -> failed(failure)).execute(arguments);
  }

  public static void main(String[] arguments) {
    StartTrace.mark("launcher");
    if (arguments.length > 0 && STARTING.contains(arguments[0])) {
      FelixHost.preload();
    }
    System.exit(run(Home.fromSystemProperty(), arguments));
  }

  @Override
  public Integer call() {
    run(Home.fromSystemProperty(), "--help");
    return 2;
  }

  /** One line for what its user can help; the whole trace for what only its maker can. */
  private static int failed(Exception failure) {
    switch (failure) {
      case CommandFailure told -> System.err.println("osprey: " + told.getMessage());
      case IOException broken -> System.err.println("osprey: " + FileTrouble.words(broken));
      default -> {
        System.err.println("osprey: this is a mistake in Osprey:");
        failure.printStackTrace();
      }
    }
    return 1;
  }
}
