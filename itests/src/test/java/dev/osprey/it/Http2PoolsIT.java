package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Connections to upstreams of HTTP/2 that take few streams, refuse some, or say goodbye: node's
 * server on one side, h2load and Java's client on the other, and no caller notices.
 */
class Http2PoolsIT {
  private static final int CALLERS = 64;
  private static final Path FOLDER = Scratch.folder("http2-pools");
  private static final int FRONT = Ports.free();
  private static final int SMALL = Ports.free();
  private static final int GOAWAY = Ports.free();
  private static final int REFUSE = Ports.free();
  private static final List<Process> PEERS = new ArrayList<>();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front",
                  FRONT,
                  "",
                  "match: { prefix: /small/ }, route: { cluster: small, prefix_rewrite: / }",
                  "match: { prefix: /goaway/ }, route: { cluster: goaway, prefix_rewrite: / }",
                  "match: { prefix: /refuse/ }, route: { cluster: refuse, prefix_rewrite: / }")
              .withCluster("small", Config.speaking("http2_protocol_options"), SMALL)
              .withCluster("goaway", Config.speaking("http2_protocol_options"), GOAWAY)
              .withCluster("refuse", Config.speaking("http2_protocol_options"), REFUSE));

  @BeforeAll
  static void startPeers() throws IOException {
    Path script = FOLDER.resolve("pool.js");
    try (InputStream source = Http2PoolsIT.class.getResourceAsStream("/http2/pool.js")) {
      Files.copy(Objects.requireNonNull(source), script, StandardCopyOption.REPLACE_EXISTING);
    }
    peer(script, SMALL, "small");
    peer(script, GOAWAY, "goaway");
    peer(script, REFUSE, "refuse");
  }

  private static void peer(Path script, int port, String mode) throws IOException {
    Path log = FOLDER.resolve(mode + ".log");
    String node = Programs.find("node", "nodejs");
    List<String> command = List.of(node, script.toString(), String.valueOf(port), mode);
    PEERS.add(Programs.start(FOLDER, log, command));
    await(mode).until(() -> Files.readString(log).contains("listening"));
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    PEERS.forEach(Process::destroyForcibly);
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + FRONT + path;
  }

  /** What the upstream of that cluster saw. */
  private static JsonObject stats(String cluster) {
    String out = Programs.run(FOLDER, "curl", "-sS", url("/" + cluster + "/stats")).orFail().out();
    return JsonParser.parseString(out).getAsJsonObject();
  }

  private static String load(String... words) {
    List<String> command =
        new ArrayList<>(List.of(Programs.find("h2load", "nghttp2-client"), "-c1", "-m" + CALLERS));
    command.addAll(List.of(words));
    String out = Programs.run(FOLDER, Duration.ofSeconds(60), command).orFail().out();
    assertThat(out).contains(" 0 failed, 0 errored, 0 timeout").contains(" 0 4xx, 0 5xx");
    return out;
  }

  @Test
  void aPeerOfTenStreamsGetsAsManyConnectionsAsItNeeds() {
    String out = load("-n3000", url("/small/x"));

    JsonObject seen = stats("small");
    assertThat(out).contains("status codes: 3000 2xx");
    assertThat(seen.get("most").getAsInt()).isEqualTo(10);
    // One client connection is served by one strand: as many connections as its streams need.
    assertThat(seen.get("sessions").getAsInt()).isBetween(7, 9);
    assertThat(seen.get("served").getAsInt()).as("none was tried twice").isEqualTo(3000);
    assertThat(longestMillis(out)).as("nobody waits for the others").isLessThan(3000);
  }

  /** The longest request in h2load's table: {@code time for request: min max mean sd +/- sd}. */
  private static double longestMillis(String out) {
    String line =
        out.lines().filter(it -> it.startsWith("time for request")).findFirst().orElse("");
    String most = line.replaceFirst(".*?:\\s+\\S+\\s+(\\S+)\\s.*", "$1");
    double number = Double.parseDouble(most.replaceAll("[a-z]", ""));
    return most.endsWith("us") ? number / 1000 : most.endsWith("ms") ? number : number * 1000;
  }

  @Test
  void whatAGoodbyeDidNotAcceptIsAskedElsewhere() throws IOException {
    Path body = Files.write(FOLDER.resolve("body"), new byte[20_000]);
    String gets = load("-n2000", url("/goaway/get"));
    String posts = load("-n2000", "-d", body.toString(), url("/goaway/post"));

    JsonObject seen = stats("goaway");
    assertThat(gets).contains("status codes: 2000 2xx");
    assertThat(posts).contains("status codes: 2000 2xx");
    assertThat(seen.get("goaways").getAsInt()).isGreaterThan(30);
    assertThat(seen.get("cut").getAsInt()).isZero();
    assertThat(seen.get("served").getAsInt()).as("each was served once").isEqualTo(4000);
  }

  @Test
  void whatAPeerRefusesIsAskedAgain_bodiesToo() {
    byte[] body = new byte[30_000];
    new Random(5).nextBytes(body);
    try (HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(url("/refuse/" + i)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        calls.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> call : calls) {
        assertThat(call.join().statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(call.join().body(), body)).isTrue();
      }
    }

    assertThat(stats("refuse").get("refused").getAsInt()).isEqualTo(CALLERS);
  }
}
