package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Scratch;
import dev.osprey.it.harness.WebSocketUpstream;
import dev.osprey.load.Loop;
import dev.osprey.load.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS through the archive: real peers on both sides, and swaps under them. */
class Http2PeersIT {
  private static final int SWAPS = 100;
  private static final int BIG = 3_000_000;

  private static final Path FOLDER = Scratch.folder("http2");
  private static final Path SITE = site();
  private static final Loop LOOP = Loop.start("http2-peers");
  private static final Upstream HTTP1 = Upstream.start(LOOP);
  private static final WebSocketUpstream CHAT = WebSocketUpstream.start();
  private static final int NGHTTPD = Ports.free();
  private static final int NODE = Ports.free();
  private static final int PORT = Ports.free();
  private static final int NODE_FRONT = Ports.free();
  private static final List<Process> PEERS = new ArrayList<>(List.of(nghttpd()));
  private static final Osprey OSPREY =
      Osprey.start(
          withFront(withFront(Config.empty(), "nghttpd", PORT), "node", NODE_FRONT)
              .withCluster(
                  "http1", Config.speaking("http_protocol_options"), HTTP1.address().getPort())
              .withCluster("chat", Config.speaking("http_protocol_options"), CHAT.port())
              .withCluster("nghttpd", Config.speaking("http2_protocol_options"), NGHTTPD)
              .withCluster("node", Config.speaking("http2_protocol_options"), NODE));

  private static Config withFront(Config config, String cluster, int port) {
    return config.withManager(
        cluster,
        port,
        "http2_protocol_options: { max_concurrent_streams: 128, allow_connect: true }",
        "match: { prefix: /http1/ }, route: { cluster: http1, prefix_rewrite: /, timeout: 0s }",
        "match: { prefix: /chat }, route: { cluster: chat }",
        "match: { prefix: / }, route: { cluster: %s, timeout: 0s }".formatted(cluster));
  }

  private static Path site() {
    try {
      Path site = Files.createDirectories(FOLDER.resolve("site"));
      byte[] big = new byte[BIG];
      new Random(7).nextBytes(big);
      Files.write(site.resolve("big"), big);
      Files.write(site.resolve("small"), new byte[100]);
      return site;
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static Process nghttpd() {
    String program = Programs.find("nghttpd", "nghttp2-server");
    return start(
        "nghttpd", List.of(program, "--no-tls", "-d", SITE.toString(), String.valueOf(NGHTTPD)));
  }

  private static Process start(String name, List<String> command) {
    try {
      return Programs.start(FOLDER, FOLDER.resolve(name + ".log"), command);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    PEERS.forEach(Process::destroyForcibly);
    LOOP.close();
    CHAT.close();
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + PORT + path;
  }

  private static Programs.Result curl(String... words) {
    List<String> command = new ArrayList<>(List.of(Programs.find("curl", "curl"), "-sS"));
    command.addAll(List.of(words));
    return Programs.run(FOLDER, Duration.ofSeconds(60), command).orFail();
  }

  @Test
  void everyPairOfProtocolsIsTranslated() throws IOException {
    Path body = SITE.resolve("big");
    for (String client : List.of("--http1.1", "--http2-prior-knowledge")) {
      String head = curl(client, "-i", url("/small")).out();
      assertThat(head).startsWith(client.equals("--http1.1") ? "HTTP/1.1 200" : "HTTP/2 200");
      Path got = FOLDER.resolve("got");
      var _ = curl(client, "-o", got.toString(), url("/big"));
      assertThat(Files.mismatch(got, body)).isEqualTo(-1);
      assertThat(curl(client, url("/http1/bytes/10")).out()).hasSize(10);
      assertThat(curl(client, "--data-binary", "@" + body, url("/http1/sink")).out())
          .contains("bytes=" + BIG);
      assertThat(curl(client, "-I", url("/big")).out())
          .containsIgnoringCase("content-length: " + BIG);
    }
  }

  @Test
  void nghttpFetchesManyAtOnce() {
    String out =
        Programs.run(
                FOLDER,
                Programs.find("nghttp", "nghttp2-client"),
                "-nv",
                "-m20",
                url("/small"),
                url("/http1/chunked/5000"))
            .orFail()
            .out();

    assertThat(out).contains(":status: 200").doesNotContain("RST_STREAM", "PROTOCOL_ERROR");
  }

  @Test
  void nodeTalksToNode() throws Exception {
    Path script = script();
    String node = Programs.find("node", "nodejs");
    PEERS.add(start("node", List.of(node, script.toString(), "server", String.valueOf(NODE))));
    await("node listens")
        .until(() -> Files.readString(FOLDER.resolve("node.log")).contains("listening"));

    String out =
        Programs.run(FOLDER, node, script.toString(), "client", String.valueOf(NODE_FRONT)).out();

    assertThat(out).isEqualTo("OK\n");
  }

  @Test
  void aWebSocketOverHttp2KeepsItsMessagesThroughTenSwaps() throws Exception {
    Path script = script();
    String node = Programs.find("node", "nodejs");
    CompletableFuture<Programs.Result> client =
        run(node, script.toString(), "websocket", String.valueOf(PORT));
    await("the tunnel is open").until(() -> CHAT.accepted() == 1);
    for (int i = 0; i < 10; i++) {
      var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
    }

    assertThat(client.get(60, TimeUnit.SECONDS).out()).isEqualTo("OK\n");
    assertThat(CHAT.problems()).isEmpty();
    assertThat(CHAT.closedInOrder()).isEqualTo(1);
  }

  private static Path script() throws IOException {
    Path script = FOLDER.resolve("peer.js");
    try (InputStream source = Http2PeersIT.class.getResourceAsStream("/http2/peer.js")) {
      Files.copy(Objects.requireNonNull(source), script, StandardCopyOption.REPLACE_EXISTING);
    }
    return script;
  }

  @Test
  void oneConnectionWithAHundredStreamsLivesThroughAHundredSwaps() throws Exception {
    CompletableFuture<Programs.Result> load =
        run(Programs.find("h2load", "nghttp2-client"), "-c1", "-m100", "-D45", url("/small"));
    CompletableFuture<Programs.Result> http1 =
        run(
            Programs.find("h2load", "nghttp2-client"),
            "-c1",
            "-m100",
            "-D45",
            url("/http1/bytes/1000"));
    Path got = FOLDER.resolve("slow");
    CompletableFuture<Programs.Result> download =
        run(
            "curl",
            "-sS",
            "--http2-prior-knowledge",
            "--limit-rate",
            "100k",
            "-o",
            got.toString(),
            url("/big"));
    CompletableFuture<Programs.Result> upload =
        run(
            "curl",
            "-sS",
            "--http2-prior-knowledge",
            "--limit-rate",
            "100k",
            "--data-binary",
            "@" + SITE.resolve("big"),
            url("/http1/sink"));
    await("all are there")
        .atMost(Duration.ofSeconds(20))
        .until(() -> OSPREY.ctl().run("connections").out().lines().count() > 7);
    long before = OSPREY.reports().newest();
    for (int i = 0; i < SWAPS; i++) {
      var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
    }

    for (CompletableFuture<Programs.Result> one : List.of(load, http1)) {
      String out = one.get(120, TimeUnit.SECONDS).orFail().out();
      System.out.println(
          out.lines().filter(it -> it.startsWith("requests:")).findFirst().orElse(out));
      assertThat(out).contains(" 0 failed, 0 errored, 0 timeout").contains(" 0 5xx");
    }
    assertThat(upload.get(120, TimeUnit.SECONDS).orFail().out()).contains("bytes=" + BIG);
    var _ = download.get(120, TimeUnit.SECONDS).orFail();
    assertThat(Files.mismatch(got, SITE.resolve("big"))).isEqualTo(-1);
    List<Report> swaps = OSPREY.reports().after(before);
    assertThat(swaps).hasSize(SWAPS).allMatch(Report::isPublished);
    assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
    assertThat(swaps.getFirst().connectionsMoved()).isGreaterThanOrEqualTo(5);
    System.out.printf(
        "http2: %d swaps, longest stall %.2f ms%n",
        SWAPS, swaps.stream().mapToDouble(Report::longestStallMillis).max().orElseThrow());
  }

  /** Not on the common pool, which has one thread on a small machine. */
  private static CompletableFuture<Programs.Result> run(String... command) {
    return CompletableFuture.supplyAsync(
        () -> Programs.run(FOLDER, Duration.ofSeconds(110), List.of(command)),
        Thread::startVirtualThread);
  }
}
