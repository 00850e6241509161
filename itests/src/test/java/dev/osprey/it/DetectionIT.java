package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Scratch;
import dev.osprey.load.Loop;
import dev.osprey.load.TcpUpstream;
import dev.osprey.load.Upstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One port for HTTP/1, HTTP/2 and plain bytes, told by what comes first; in both I/O models. */
class DetectionIT {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";
  private static final String GET = "GET /bytes/10 HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String MAIL = "EHLO example.org\r\n";
  private static final int SWAPS = 5;

  private static final Path FOLDER = Scratch.folder("detection");
  private static final Loop LOOP = Loop.start("detection");
  private static final Upstream HTTP = Upstream.start(LOOP);
  private static final TcpUpstream ECHO = TcpUpstream.echo(LOOP, 0);
  private static final int REACTOR = Ports.free();
  private static final int THREAD = Ports.free();
  private static final int STRICT = Ports.free();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withListener(listener("reactor", REACTOR, true))
              .withListener(listener("thread", THREAD, true))
              .withListener(listener("strict", STRICT, false))
              .withCluster("http", HTTP.address().getPort())
              .withCluster("echo", ECHO.address().getPort()));

  private static String listener(String name, int port, boolean passingOn) {
    String behind =
        """
                - name: rest
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                    stat_prefix: rest
                    cluster: echo
        """;
    return """
    - name: %s
      address: { socket_address: { address: 127.0.0.1, port_value: %d } }
      metadata: { filter_metadata: { dev.osprey: { detection_timeout: 60s, io_model: %s } } }
      filter_chains:
        - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: %s
                route_config:
                  name: routes
                  virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                        - match: { prefix: / }
                          route: { cluster: http, timeout: 0s }
                http_filters:
                  - name: router
                    typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
    %s\
    """
        .formatted(
            name,
            port,
            name.equals("thread") ? "thread" : "reactor",
            name,
            passingOn ? behind : "");
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    LOOP.close();
  }

  private static String url(int port, String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private static String curl(int port, String protocol) {
    return Programs.run(
            FOLDER, Programs.find("curl", "curl"), "-sSi", protocol, url(port, "/bytes/10"))
        .orFail()
        .out();
  }

  @Test
  void onePortServesCurlNghttpAndPlainBytes() {
    for (int port : new int[] {REACTOR, THREAD}) {
      assertThat(curl(port, "--http1.1")).startsWith("HTTP/1.1 200");
      assertThat(curl(port, "--http2-prior-knowledge")).startsWith("HTTP/2 200");
      assertThat(
              Programs.run(
                      FOLDER,
                      Programs.find("nghttp", "nghttp2-client"),
                      "-nv",
                      url(port, "/bytes/10"))
                  .orFail()
                  .out())
          .contains(":status: 200");
      try (RawHttp mail = RawHttp.connect(port)) {
        assertThat(mail.send(MAIL).read(MAIL.length())).isEqualTo(MAIL);
      }
    }
  }

  @Test
  void tellsThemHoweverTheFirstBytesAreCut() {
    for (int port : new int[] {REACTOR, THREAD}) {
      for (int cut = 1; cut <= PREFACE.length(); cut++) {
        http2(begun(port, PREFACE, cut), cut);
      }
      for (int cut = 1; cut < 8; cut++) {
        http1(begun(port, GET, cut), cut);
        mail(begun(port, MAIL, cut), cut);
      }
    }
  }

  private static RawHttp begun(int port, String text, int cut) {
    return RawHttp.connect(port).send(text.substring(0, cut));
  }

  private static void http2(RawHttp client, int cut) {
    try (client) {
      String begin = client.send(PREFACE.substring(cut) + SETTINGS).read(9);
      assertThat(begin.charAt(3)).as("its first frame is SETTINGS").isEqualTo('\4');
    }
  }

  private static void http1(RawHttp client, int cut) {
    try (client) {
      assertThat(client.send(GET.substring(cut)).readMessage()).startsWith("HTTP/1.1 200");
    }
  }

  private static void mail(RawHttp client, int cut) {
    try (client) {
      assertThat(client.send(MAIL.substring(cut)).read(MAIL.length())).isEqualTo(MAIL);
    }
  }

  @Test
  void closesAndCountsAndLogsWhatNobodyKnows() {
    try (RawHttp mail = RawHttp.connect(STRICT)) {
      assertThat(mail.send(MAIL).readToEnd()).isEmpty();
      assertLogged(mail, "no codec recognises the first bytes");
    }
    assertThat(OSPREY.ctl().run("stats").out()).containsPattern("listener.strict.cx_unknown +1");
    try (RawHttp half = RawHttp.connect(STRICT)) {
      assertThat(half.send("PRI * HT").end().readToEnd()).isEmpty();
      assertLogged(half, "no codec recognises the first bytes");
    }
    try (RawHttp wrong = RawHttp.connect(STRICT)) {
      assertThat(wrong.send("GET wrong HTTP/1.1\r\nHost: x\r\n\r\n").readHead())
          .startsWith("HTTP/1.1 400");
    }
  }

  private static void assertLogged(RawHttp client, String reason) {
    String peer = "127.0.0.1:" + client.localPort() + " of strict,";
    await("a line about " + peer).until(() -> !OSPREY.linesWith(peer).isEmpty());
    assertThat(OSPREY.linesWith(peer)).singleElement().asString().contains("peers", reason);
  }

  @Test
  void everyPartIsSwappedUnderLoad_andUnderHalfSentFirstBytes() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<String>> loads = new ArrayList<>();
    List<CompletableFuture<Integer>> talks = new ArrayList<>();
    for (int port : new int[] {REACTOR, THREAD}) {
      loads.add(h2load(port, "-c2", "-m20"));
      loads.add(h2load(port, "-c4", "--h1"));
      talks.add(CompletableFuture.supplyAsync(() -> talk(port, over), Thread::startVirtualThread));
    }
    await("all are there")
        .atMost(Duration.ofSeconds(20))
        .until(() -> OSPREY.ctl().run("connections").out().lines().count() > 14);
    long before = OSPREY.reports().newest();
    for (int round = 1; round <= SWAPS; round++) {
      List<RawHttp> http2 = begun(PREFACE, 4 * round);
      List<RawHttp> http1 = begun(GET, round);
      List<RawHttp> mail = begun(MAIL, round);
      for (String name : List.of("http1", "http2", "tcp_proxy", "router")) {
        var _ = OSPREY.ctl().run("swap", name, "--no-rehearsal").orFail();
      }
      int cut = round;
      http2.forEach(client -> http2(client, 4 * cut));
      http1.forEach(client -> http1(client, cut));
      mail.forEach(client -> mail(client, cut));
    }
    over.set(true);

    List<Report> swaps = OSPREY.reports().after(before);
    assertThat(swaps).hasSize(4 * SWAPS).allMatch(Report::isPublished);
    assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
    for (CompletableFuture<String> load : loads) {
      assertThat(load.get(60, TimeUnit.SECONDS))
          .contains(" 0 failed, 0 errored, 0 timeout")
          .contains(" 0 5xx");
    }
    for (CompletableFuture<Integer> talk : talks) {
      assertThat(talk.get(20, TimeUnit.SECONDS)).isGreaterThan(100);
    }
  }

  private static List<RawHttp> begun(String text, int cut) {
    List<RawHttp> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(begun(REACTOR, text, cut));
      clients.add(begun(THREAD, text, cut));
    }
    return clients;
  }

  private static CompletableFuture<String> h2load(int port, String... options) {
    List<String> command = new ArrayList<>(List.of(Programs.find("h2load", "nghttp2-client")));
    command.addAll(List.of(options));
    command.addAll(List.of("-D15", url(port, "/bytes/100")));
    return CompletableFuture.supplyAsync(
        () -> Programs.run(FOLDER, Duration.ofSeconds(60), command).orFail().out(),
        Thread::startVirtualThread);
  }

  /** Sends lines and reads them back until it is over; how many. */
  private static int talk(int port, AtomicBoolean over) {
    int lines = 0;
    try (RawHttp mail = RawHttp.connect(port)) {
      while (!over.get()) {
        assertThat(mail.send(MAIL).read(MAIL.length())).isEqualTo(MAIL);
        lines++;
      }
    }
    return lines;
  }
}
