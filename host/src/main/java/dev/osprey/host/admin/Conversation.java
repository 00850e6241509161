package dev.osprey.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.osprey.host.control.Fence;
import dev.osprey.host.deploy.Refusal;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One connection to the control socket: a request a line, an answer of several lines. */
final class Conversation implements AutoCloseable {
  private static final int LONGEST_LINE = 1 << 20;

  private final InputStream in;
  private final Lines lines;
  private final OutputStream outBytes;
  private final OutputStream errBytes;
  private final PrintStream out;
  private final PrintStream err;
  private final Commands commands;
  private final Supplier<Shells> shells;
  private Shells.@Nullable Shell shell;

  Conversation(SocketChannel channel, Commands commands, Supplier<Shells> shells) {
    this.in = new BufferedInputStream(Channels.newInputStream(channel));
    this.lines = new Lines(channel);
    this.outBytes = lines.stream("out");
    this.errBytes = lines.stream("err");
    this.out = new PrintStream(outBytes, false, UTF_8);
    this.err = new PrintStream(errBytes, false, UTF_8);
    this.commands = commands;
    this.shells = shells;
  }

  void run() throws IOException {
    for (String line = next(); line != null; line = next()) {
      int exit = 0;
      try {
        answer(JsonParser.parseString(line).getAsJsonObject());
      } catch (Refusal refusal) {
        err.print(refusal.reason().stripTrailing() + "\n");
        exit = 1;
      } catch (JsonParseException | IllegalStateException bad) {
        err.print("expected a JSON object with a command\n");
        exit = 1;
      }
      finish(exit);
    }
  }

  @Override
  public void close() {
    if (shell != null) {
      shell.close();
    }
  }

  private void finish(int exit) throws IOException {
    out.flush();
    err.flush();
    outBytes.close();
    errBytes.close();
    lines.exit(exit);
  }

  private void answer(JsonObject request) throws Refusal {
    JsonElement command = request.get("command");
    if (command == null) {
      throw new Refusal("expected a command");
    }
    String name = command.getAsString();
    List<String> args = args(request.get("args"));
    if (flag(request, "line")) {
      shell().run(name);
    } else if (name.equals("complete")) {
      out.print(new Gson().toJson(complete(args)));
    } else {
      words(name, args, flag(request, "json"));
    }
  }

  private void words(String name, List<String> args, boolean json) throws Refusal {
    Command command = commands.find(name);
    if (command != null) {
      boolean asked = json || args.contains("--json");
      List<String> rest = args.stream().filter(arg -> !arg.equals("--json")).toList();
      out.print(Fence.call(name + " failed", () -> command.run(rest, asked)));
      return;
    }
    shell()
        .run(
            args.isEmpty()
                ? name
                : name
                    + " "
                    + args.stream().map(Conversation::quoted).collect(Collectors.joining(" ")));
  }

  private List<String> complete(List<String> args) throws Refusal {
    if (args.size() != 2 || !args.get(1).matches("\\d{1,6}")) {
      throw new Refusal("expected a line and a place in it");
    }
    int cursor = Math.min(args.getFirst().length(), Integer.parseInt(args.get(1)));
    String before = args.getFirst().substring(0, cursor);
    List<String> shellCommands = new ArrayList<>();
    String missing = Fence.run("no shell", () -> shellCommands.addAll(shell().commands()));
    if (!missing.isEmpty()) {
      shellCommands.clear();
    }
    return new Completion(commands, shellCommands, shells.get().bundleIds()).of(before);
  }

  private Shells.Shell shell() throws Refusal {
    Shells.Shell open = shell;
    if (open == null) {
      shell = open = shells.get().open(out, err);
    }
    return open;
  }

  private @Nullable String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (line.size() >= LONGEST_LINE) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      line.write(b);
    }
    return line.toString(UTF_8);
  }

  private static List<String> args(@Nullable JsonElement args) {
    List<String> all = new ArrayList<>();
    if (args != null) {
      args.getAsJsonArray().forEach(arg -> all.add(arg.getAsString()));
    }
    return all;
  }

  private static boolean flag(JsonObject request, String key) {
    JsonElement flag = request.get(key);
    return flag != null && flag.getAsBoolean();
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+")
        ? word
        : "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
