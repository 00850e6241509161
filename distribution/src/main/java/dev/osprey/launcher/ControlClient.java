package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the control socket of a running instance: a JSON object a line each way. The
 * variables of its session live as long as it. Not for use by several threads at once.
 */
final class ControlClient implements Closeable {
  private final SocketChannel channel;
  private final BufferedReader answers;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
    this.answers =
        new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
  }

  /**
   * Connects to the instance that uses a data folder.
   *
   * @throws CommandFailure if none runs there
   */
  static ControlClient connect(Path data) {
    try {
      return new ControlClient(
          SocketChannel.open(UnixDomainSocketAddress.of(ControlAddress.of(data))));
    } catch (IOException nobody) {
      throw new CommandFailure(
          "no instance runs on the data folder "
              + data
              + "; start one with \"osprey run\", or name its folder with --data DIR");
    }
  }

  /** Sends a command, prints what comes back as it comes, and gives the exit code. */
  int send(ControlRequest request, Appendable out, Appendable err) throws IOException {
    ByteBuffer line = UTF_8.encode(request.toJson() + "\n");
    while (line.hasRemaining()) {
      channel.write(line);
    }
    while (true) {
      JsonObject answer = next();
      append(answer.get("out"), out);
      append(answer.get("err"), err);
      JsonElement exit = answer.get("exit");
      if (exit != null) {
        return exit.getAsInt();
      }
    }
  }

  /** Sends a command and gives what it printed, whatever its exit code. */
  String text(ControlRequest request) throws IOException {
    StringBuilder text = new StringBuilder();
    send(request, text, text);
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private JsonObject next() {
    String line = readLine();
    if (line == null) {
      throw new CommandFailure("the instance has ended or closed the connection");
    }
    return JsonParser.parseString(line).getAsJsonObject();
  }

  private @Nullable String readLine() {
    try {
      return answers.readLine();
    } catch (IOException broken) {
      return null;
    }
  }

  private static void append(@Nullable JsonElement text, Appendable to) throws IOException {
    if (text != null) {
      to.append(text.getAsString());
    }
  }
}
