package dev.osprey.launcher;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends line after line to an instance; its variables live from line to line. */
final class Shell {
  /** Where the lines come from; null is the end. */
  @FunctionalInterface
  interface Lines {
    @Nullable String next() throws IOException;
  }

  private final ControlClient client;
  private final Appendable out;
  private final Appendable err;

  Shell(ControlClient client, Appendable out, Appendable err) {
    this.client = client;
    this.out = out;
    this.err = err;
  }

  /** Runs until the lines end or one says {@code exit}; gives the last command's exit code. */
  int run(Lines lines) throws IOException {
    int exit = 0;
    for (String line = lines.next(); line != null; line = lines.next()) {
      String command = line.strip();
      if (command.equals("exit") || command.equals("quit")) {
        return exit;
      }
      if (!command.isEmpty() && !command.startsWith("#")) {
        exit = client.send(new ControlRequest.Line(command), out, err);
      }
    }
    return exit;
  }
}
