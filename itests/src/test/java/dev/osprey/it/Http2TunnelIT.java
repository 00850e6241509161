package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Scratch;
import dev.osprey.it.harness.WebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * WebSockets to upstreams of HTTP/2 (extended CONNECT, RFC 8441): clients of HTTP/1 and HTTP/2 in
 * front, node's server behind, the codec exchanged under open tunnels.
 */
class Http2TunnelIT {
  private static final int SWAPS = 10;
  private static final Path FOLDER = Scratch.folder("http2-tunnels");
  private static final int FRONT = Ports.free();
  private static final int NODE = Ports.free();
  private static final int PLAIN = Ports.free();
  private static final ServerSocket SLOW = server();
  private static final List<Process> PEERS = new ArrayList<>();
  private static final Path LOG = FOLDER.resolve("access.log");
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front",
                  FRONT,
                  """
                  http2_protocol_options: { allow_connect: true }
                  upgrade_configs: [ { upgrade_type: websocket } ]
                  access_log:
                    - name: file
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                        path: "%s"
                        log_format: { text_format_source: { inline_string: "%%RESPONSE_CODE%% %%RESPONSE_CODE_DETAILS%%\\n" } }
                  """
                      .formatted(LOG),
                  "match: { prefix: /chat }, route: { cluster: chat, timeout: 0s }",
                  "match: { prefix: /plain }, route: { cluster: plain }",
                  "match: { prefix: /slow }, route: { cluster: slow }")
              .withCluster("chat", connecting(), NODE)
              .withCluster("plain", connecting(), PLAIN)
              .withCluster("slow", connecting(), SLOW.getLocalPort()));

  private static ServerSocket server() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static String connecting() {
    return Config.speaking("http2_protocol_options")
        .replace("http2_protocol_options: {}", "http2_protocol_options: { allow_connect: true }");
  }

  @BeforeAll
  static void startPeers() throws IOException {
    PEERS.add(node("node", "websocket-server.js", String.valueOf(NODE)));
    PEERS.add(node("plain", "websocket-server.js", String.valueOf(PLAIN), "plain"));
    for (String name : List.of("node", "plain")) {
      await(name).until(() -> output(name).contains("listening"));
    }
  }

  private static Process node(String name, String script, String... words) throws IOException {
    Path file = FOLDER.resolve(script);
    try (InputStream source = Http2TunnelIT.class.getResourceAsStream("/http2/" + script)) {
      Files.copy(Objects.requireNonNull(source), file, StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>();
    command.add(Programs.find("node", "nodejs"));
    command.add(file.toString());
    command.addAll(List.of(words));
    return Programs.start(FOLDER, FOLDER.resolve(name + ".log"), command);
  }

  private static String output(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name + ".log"));
  }

  @AfterAll
  static void end() throws IOException {
    assertThat(OSPREY.stop()).isZero();
    PEERS.forEach(Process::destroyForcibly);
    SLOW.close();
  }

  private static void swap() {
    long before = OSPREY.reports().newest();
    var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
    assertThat(OSPREY.reports().after(before))
        .isNotEmpty()
        .allMatch(Report::isPublished)
        .allMatch(report -> report.fellBack() == 0);
  }

  @Test
  void clientsOfBothVersionsKeepTheirMessagesThroughTenSwaps() throws Exception {
    Process http2 = node("client", "peer.js", "websocket", String.valueOf(FRONT));
    List<WebSocketClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(WebSocketClient.connect(URI.create("ws://127.0.0.1:" + FRONT + "/chat")));
    }
    for (int i = 0; i < SWAPS; i++) {
      swap();
      for (WebSocketClient client : clients) {
        long from = client.returned();
        await("messages flow").until(() -> client.returned() > from + 20);
      }
    }
    clients.forEach(WebSocketClient::end);

    assertThat(http2.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output("client")).isEqualTo("OK\n");
    assertThat(clients).allSatisfy(it -> assertThat(it.problems()).isEmpty());
    assertThat(clients).allSatisfy(it -> assertThat(it.pushed()).isPositive());
    await("orderly ends").until(() -> output("node").lines().count() == 5);
    assertThat(output("node").lines()).allMatch(it -> it.matches("listening|closed 1000"));
    System.out.printf("WebSockets to HTTP/2, %d swaps: %s%n", SWAPS, clients);
  }

  @Test
  void anUpstreamThatDoesNotOfferItIsNotAsked() throws Exception {
    Programs.Result answer =
        Programs.run(
            FOLDER,
            "curl",
            "-sSi",
            "--http1.1",
            "-H",
            "Connection: Upgrade",
            "-H",
            "Upgrade: websocket",
            "-H",
            "Sec-WebSocket-Version: 13",
            "-H",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "http://127.0.0.1:" + FRONT + "/plain");

    assertThat(answer.out()).startsWith("HTTP/1.1 502 ");
    await("the reason is in the access log")
        .until(() -> Files.readString(LOG).contains("extended_CONNECT"));
    String other =
        Programs.run(FOLDER, "curl", "-sSi", "http://127.0.0.1:" + FRONT + "/plain").out();
    assertThat(other).startsWith("HTTP/1.1 404 ");
  }

  /**
   * Nothing is known of an upstream before it has spoken: neither is refused, nor sent, anything.
   */
  @Test
  void anUpstreamThatIsSlowToSpeakIsWaitedFor_alsoThroughASwap() throws Exception {
    CompletableFuture<WebSocketClient> client =
        CompletableFuture.supplyAsync(
            () -> WebSocketClient.connect(URI.create("ws://127.0.0.1:" + FRONT + "/slow")),
            Thread::startVirtualThread);
    try (RawHttp2 upstream = RawHttp2.acceptSilently(SLOW)) {
      assertThat(upstream.next().type()).isEqualTo(RawHttp2.SETTINGS);
      swap();
      upstream.settings(RawHttp2.ENABLE_CONNECT_PROTOCOL, 1);
      assertThat(upstream.awaitHead(1))
          .contains(":method: CONNECT", ":protocol: websocket", ":path: /slow");
      assertThat(upstream.seen().stream().filter(it -> it.type() == RawHttp2.HEADERS)).hasSize(1);
      swap();
      upstream.headers(1, false, ":status", "200");
      WebSocketClient open = client.get(10, TimeUnit.SECONDS);
      byte[] pushed = "pushed 0".getBytes(StandardCharsets.US_ASCII);
      byte[] frame = new byte[pushed.length + 2];
      frame[0] = (byte) 0x81;
      frame[1] = (byte) pushed.length;
      System.arraycopy(pushed, 0, frame, 2, pushed.length);
      upstream.data(1, frame, false);
      await("the message").atMost(Duration.ofSeconds(10)).until(() -> open.pushed() == 1);
    }
  }
}
