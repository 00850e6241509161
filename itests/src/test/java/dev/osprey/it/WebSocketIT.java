package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Scratch;
import dev.osprey.it.harness.WebSocketClient;
import dev.osprey.it.harness.WebSocketUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * WebSocket clients that people use, through the archive: messages go both ways before, during and
 * after swaps of the HTTP/1 codec; each arrives once and in order, and the tunnels stay.
 */
class WebSocketIT {
  private static final int SWAPS = 10;
  private static final Path NODE =
      Path.of(Objects.requireNonNull(System.getProperty("osprey.basedir")))
          .resolve("itests/src/test/node")
          .normalize();
  private static final Pattern PORT = Pattern.compile("port (\\d+)");

  private static final String WS = "'require.resolve(\"ws\")'";

  private final int port = Ports.free();
  private final URI uri = URI.create("ws://127.0.0.1:" + port + "/chat");

  @Test
  void theClientOfTheJdkKeepsItsMessagesThroughTenSwaps() {
    try (WebSocketUpstream upstream = WebSocketUpstream.start();
        Osprey osprey = Osprey.start(Config.http(port, upstream.port()))) {
      List<WebSocketClient> clients =
          Stream.generate(() -> WebSocketClient.connect(uri)).limit(4).toList();
      swapTenTimes(
          osprey, () -> clients.stream().mapToLong(WebSocketClient::returned).min().orElseThrow());
      clients.forEach(WebSocketClient::end);

      System.out.printf("WebSocket of the JDK, %d swaps: %s%n", SWAPS, clients);
      assertThat(clients).allSatisfy(it -> assertThat(it.problems()).isEmpty());
      assertThat(clients).allSatisfy(it -> assertThat(it.pushed()).isPositive());
      assertThat(upstream.accepted()).isEqualTo(clients.size());
      await("orderly ends").until(() -> upstream.closedInOrder() == clients.size());
      assertThat(upstream.problems()).isEmpty();
    }
  }

  @Test
  void theLibraryWsOfNodeKeepsItsMessagesThroughTenSwaps() throws Exception {
    assumeTrue(
        hasWs(),
        "skipped: Node.js or its library ws is missing; build/test installs them where it can");
    String node = Programs.find("node", "nodejs");
    Path folder = Scratch.folder("node");
    Path heard = folder.resolve("server.txt");
    Path said = folder.resolve("client.txt");
    Process server = Programs.start(folder, heard, List.of(node, script("ws-server.js")));
    await("the server listens").until(() -> PORT.matcher(Files.readString(heard)).find());
    try (Osprey osprey = Osprey.start(Config.http(port, port(heard)))) {
      Process client =
          Programs.start(folder, said, List.of(node, script("ws-client.js"), uri.toString()));
      swapTenTimes(osprey, () -> progress(said));
      client.getOutputStream().close();

      assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
      JsonObject told =
          JsonParser.parseString(Files.readAllLines(said).getLast()).getAsJsonObject();
      System.out.printf("WebSocket of Node.js, %d swaps: %s%n", SWAPS, told);
      assertThat(told.getAsJsonArray("problems")).isEmpty();
      assertThat(told.get("returned").getAsLong()).isGreaterThan(1_000);
      assertThat(told.get("pushed").getAsLong()).isGreaterThan(1_000);
      await("orderly ends").until(() -> Files.readAllLines(heard).size() == 11);
      assertThat(Files.readAllLines(heard)).allMatch(it -> it.matches("port \\d+|closed 1000"));
    } finally {
      server.destroyForcibly();
    }
  }

  /** Swaps to and fro, and sees messages between any two swaps. */
  private static void swapTenTimes(Osprey osprey, LongSupplier messages) {
    awaitMore(messages);
    for (int i = 1; i <= SWAPS; i++) {
      long before = osprey.reports().newest();
      osprey.drop(Builds.codec("1.0." + i % 2));
      osprey.reports().awaitPublished(before, Builds.CODEC, "1.0." + i % 2);
      awaitMore(messages);
    }
  }

  private static void awaitMore(LongSupplier messages) {
    long from = messages.getAsLong();
    await("messages flow")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> messages.getAsLong() > from + 20);
  }

  private static boolean hasWs() {
    return Programs.isThere("node")
        && Programs.run(Scratch.folder("ws"), "sh", "-c", "cd " + NODE + " && exec node -e " + WS)
                .exit()
            == 0;
  }

  private static String script(String name) {
    return NODE.resolve(name).toString();
  }

  /** The client prints how many messages came back, a line now and then. */
  private static long progress(Path said) {
    try {
      String whole = Files.readString(said);
      List<String> lines = whole.substring(0, whole.lastIndexOf('\n') + 1).lines().toList();
      return lines.isEmpty() ? 0 : Long.parseLong(lines.getLast());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static int port(Path heard) throws IOException {
    Matcher port = PORT.matcher(Files.readString(heard));
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }
}
