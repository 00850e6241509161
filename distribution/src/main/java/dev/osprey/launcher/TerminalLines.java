package dev.osprey.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Reads lines from a terminal: editing, history in a file, completion by the instance. */
final class TerminalLines {
  private final LineReader reader;

  private TerminalLines(LineReader reader) {
    this.reader = reader;
  }

  /** Runs a shell on this process's terminal. */
  static int run(Shell shell, ControlClient client, Path history) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .appName("osprey")
              .terminal(terminal)
              .variable(LineReader.HISTORY_FILE, history)
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .completer((_, line, candidates) -> complete(client, line, candidates))
              .build();
      return shell.run(new TerminalLines(reader)::next);
    }
  }

  private @Nullable String next() {
    while (true) {
      try {
        return reader.readLine("osprey> ");
      } catch (UserInterruptException lineGivenUp) {
        // As in any shell: Ctrl-C drops the line, not the session.
      } catch (EndOfFileException end) {
        return null;
      }
    }
  }

  private static void complete(ControlClient client, ParsedLine line, List<Candidate> candidates) {
    try {
      String answer = client.text(ControlRequest.complete(line.line(), line.cursor()));
      JsonArray words = JsonParser.parseString(answer).getAsJsonArray();
      for (JsonElement word : words) {
        candidates.add(new Candidate(word.getAsString()));
      }
    } catch (IOException | JsonParseException | IllegalStateException noAnswer) {
      candidates.clear();
    }
  }
}
