package dev.osprey.it.harness;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Speaks to the control socket of an instance directly, without the price of a JVM for each
 * command; {@code CommandsIT} shows that {@code bin/osprey ctl} gives the same.
 */
public final class Ctl {
  private final Path data;

  Ctl(Path data) {
    this.data = data;
  }

  /** What a command printed, and its exit code. */
  public record Answer(int exit, String out, String err) {
    /** The output, if the exit code is 0. */
    public String orFail() {
      if (exit != 0) {
        throw new AssertionError("exit " + exit + ": " + out + err);
      }
      return out;
    }
  }

  /** Sends a command and its words. */
  public Answer run(String command, String... words) {
    return send(request(command, List.of(words), false));
  }

  /** Sends a line in the language of the Gogo shell. */
  public Answer shell(String line) {
    JsonObject request = new JsonObject();
    request.addProperty("command", line);
    request.addProperty("line", true);
    return send(request);
  }

  /** The answer of a command in JSON. */
  public JsonElement json(String command, String... words) {
    Answer answer = send(request(command, List.of(words), true));
    return JsonParser.parseString(answer.orFail());
  }

  /** The counters of {@code stats}; those that stand at zero are left out. */
  public Map<String, Long> counters() {
    Map<String, Long> counters = new TreeMap<>();
    json("stats")
        .getAsJsonObject()
        .getAsJsonObject("counters")
        .asMap()
        .forEach((name, value) -> counters.put(name, value.getAsLong()));
    return counters;
  }

  /** The code that open connections run: {@code http1 1.0.0} for instance, one for each. */
  public List<String> codeOfConnections() {
    List<String> code = new ArrayList<>();
    for (JsonElement row : json("connections", "100000").getAsJsonArray()) {
      code.add(row.getAsJsonObject().get("protocol").getAsString());
    }
    return code;
  }

  /** The number of the bundle that an extension in use comes from. */
  public long bundleOf(String extension) {
    for (JsonElement element : json("extensions").getAsJsonArray()) {
      JsonObject it = element.getAsJsonObject();
      if (it.get("name").getAsString().equals(extension)
          && !it.get("state").getAsString().equals("draining")) {
        return it.get("bundle").getAsLong();
      }
    }
    throw new AssertionError("no extension " + extension);
  }

  /** Whether somebody listens on the control socket. */
  public boolean isThere() {
    try (SocketChannel channel = open()) {
      return channel.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static JsonObject request(String command, List<String> words, boolean json) {
    JsonArray array = new JsonArray();
    words.forEach(array::add);
    JsonObject request = new JsonObject();
    request.addProperty("command", command);
    request.add("args", array);
    request.addProperty("json", json);
    return request;
  }

  private Answer send(JsonObject request) {
    try (SocketChannel channel = open()) {
      ByteBuffer line = StandardCharsets.UTF_8.encode(request + "\n");
      while (line.hasRemaining()) {
        channel.write(line);
      }
      return read(
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8)));
    } catch (IOException broken) {
      throw new UncheckedIOException("command " + request, broken);
    }
  }

  private static Answer read(BufferedReader answers) throws IOException {
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      JsonObject part = JsonParser.parseString(line).getAsJsonObject();
      append(part.get("out"), out);
      append(part.get("err"), err);
      if (part.has("exit")) {
        return new Answer(part.get("exit").getAsInt(), out.toString(), err.toString());
      }
    }
    throw new IOException("the instance closed the control socket after: " + out + err);
  }

  private static void append(
      @org.jspecify.annotations.Nullable JsonElement text, StringBuilder to) {
    if (text != null) {
      to.append(text.getAsString());
    }
  }

  private SocketChannel open() throws IOException {
    Path pointer = data.resolve("ctl.path");
    Path socket =
        Files.exists(pointer)
            ? Path.of(Files.readString(pointer).strip())
            : data.resolve("ctl.sock");
    return SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }
}
