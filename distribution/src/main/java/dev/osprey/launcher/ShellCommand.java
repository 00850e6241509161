package dev.osprey.launcher;

import java.io.BufferedReader;
import java.io.Console;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The Gogo shell of a running instance; standard input that is no terminal is run as a script. */
@Command(description = "Open the shell of a running instance, or run a script from standard input.")
final class ShellCommand implements Callable<Integer> {
  @Mixin FolderOptions.Data data = new FolderOptions.Data();

  private final Home home;

  ShellCommand(Home home) {
    this.home = home;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = data.in(home);
    try (ControlClient client = ControlClient.connect(folder)) {
      Shell shell = new Shell(client, System.out, System.err);
      if (isTerminal()) {
        return TerminalLines.run(shell, client, folder.resolve("shell_history"));
      }
      return shell.run(
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))::readLine);
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}
