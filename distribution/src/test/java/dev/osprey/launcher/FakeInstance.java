package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A control socket that answers each request with the lines that a test gives. */
final class FakeInstance implements Closeable {
  private final ServerSocketChannel server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Function<JsonObject, List<String>> answers;

  private FakeInstance(ServerSocketChannel server, Function<JsonObject, List<String>> answers) {
    this.server = server;
    this.answers = answers;
  }

  static FakeInstance at(Path socket, Function<JsonObject, List<String>> answers)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    FakeInstance instance = new FakeInstance(server, answers);
    Thread.ofPlatform().daemon().start(instance::accept);
    return instance;
  }

  List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        serve(client);
      } catch (IOException | UncheckedIOException closed) {
        return;
      }
    }
  }

  private void serve(SocketChannel client) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(Channels.newInputStream(client), UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      requests.add(line);
      for (String answer : answers.apply(JsonParser.parseString(line).getAsJsonObject())) {
        write(client, answer + "\n");
      }
    }
  }

  private static void write(SocketChannel client, String text) {
    try {
      client.write(UTF_8.encode(text));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
