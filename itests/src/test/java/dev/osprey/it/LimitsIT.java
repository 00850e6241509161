package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Scratch;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every time and limit of {@code docs/configuration.md} that a small value makes easy to reach is
 * reached, and does what is documented: the status, the flag in the access log, the counter. One
 * strand, so that limits need not be shared out.
 */
class LimitsIT {
  private static final List<String> ONE_STRAND = List.of("-XX:ActiveProcessorCount=1");
  private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.start();

  private static final int REQUEST = Ports.free();
  private static final int HEADERS = Ports.free();
  private static final int IDLE = Ports.free();
  private static final int STREAM_IDLE = Ports.free();
  private static final int ROUTE = Ports.free();
  private static final int FEW_REQUESTS = Ports.free();
  private static final int FEW_WAITING = Ports.free();
  private static final int FEW_CONNECTIONS = Ports.free();
  private static final int FEW_CLIENTS = Ports.free();
  private static final int POOL = Ports.free();
  private static final int BODY = Ports.free();

  private static final Osprey OSPREY =
      Osprey.start(Archive.shared(), config(), List.of(), ONE_STRAND);

  private CountDownLatch held = new CountDownLatch(1);

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @BeforeEach
  void hold() {
    UPSTREAM.reset();
    held = new CountDownLatch(1);
  }

  @AfterEach
  void letGo() {
    held.countDown();
  }

  @Test
  void aRequestThatDoesNotEndInTimeIsAnsweredWith408() {
    try (RawHttp client = RawHttp.connect(REQUEST)) {
      client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");

      assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
    }
    awaitLog("request 408 DT");
    assertCounted("listener.request.rq_timeout", "listener.request.rq_local");
  }

  @Test
  void aHeadThatDoesNotEndInTimeIsAnsweredWith408_andASilentClientIsNot() {
    try (RawHttp client = RawHttp.connect(HEADERS);
        RawHttp silent = RawHttp.connect(HEADERS)) {
      client.send("GET /a HTTP/1.1\r\nHo");

      assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
      assertThat(silent.send(GET).readMessage()).endsWith("ok");
    }
    assertCounted("listener.headers.rq_timeout");
  }

  @Test
  void aBodyThatIsAnnouncedTooLargeIsAnsweredWith413AtOnce() {
    try (RawHttp client = RawHttp.connect(BODY)) {
      client.send(
          "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");

      assertThat(client.readMessage()).startsWith("HTTP/1.1 413 Content Too Large\r\n");
    }
    assertThat(UPSTREAM.messages()).isEmpty();
    awaitLog("body 413 DPE");
    assertCounted("listener.body.rq_local");
  }

  @Test
  void aBodyThatBecomesTooLargeIsAnsweredWith413_andTheUpstreamSeesItCut() {
    String chunk = "190\r\n" + "x".repeat(0x190) + "\r\n";
    try (RawHttp client = RawHttp.connect(BODY)) {
      client.send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send(chunk);
      awaitOpen("app", "requests", 1);
      client.send(chunk.repeat(2) + "0\r\n\r\n");

      assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ");
    }
    await("the upstream sees the end of the connection")
        .until(() -> !UPSTREAM.messages().isEmpty());
    assertThat(UPSTREAM.messages().getFirst())
        .contains("\r\n190\r\nxxx")
        .doesNotContain("\r\n0\r\n");
  }

  @Test
  void aBodyAsLargeAsItMayBePasses_andSoDoesTheNext() {
    String post = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000);
    try (RawHttp client = RawHttp.connect(BODY)) {
      assertThat(client.send(post).readMessage()).endsWith("ok");
      assertThat(client.send(post).readMessage()).endsWith("ok");
    }
  }

  @Test
  void theBoundHoldsForStreamsOfHttp2Too() {
    assertThat(statusOfHttp2(1001)).isEqualTo("413");
    assertThat(statusOfHttp2(1000)).isEqualTo("200");
  }

  private static String statusOfHttp2(int bytes) {
    List<String> words =
        List.of(
            Programs.find("curl", "curl"),
            "-sS",
            "--http2-prior-knowledge",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "-d",
            "x".repeat(bytes),
            "http://127.0.0.1:" + BODY + "/");
    return Programs.run(Scratch.folder("body"), Duration.ofSeconds(30), words).orFail().out();
  }

  @Test
  void aConnectionWithoutAStreamIsClosed() {
    try (RawHttp client = RawHttp.connect(IDLE);
        RawHttp silent = RawHttp.connect(IDLE)) {
      assertThat(client.send(GET).readMessage()).endsWith("ok");

      assertThat(client.readToEnd()).isEmpty();
      assertThat(silent.readToEnd()).isEmpty();
    }
  }

  @Test
  void aStreamWithoutAByteIsAnsweredWith504() {
    UPSTREAM.answering(this::holding);
    assertThat(exchange(STREAM_IDLE)).startsWith("HTTP/1.1 504 ");
    awaitLog("stream_idle 504 UT");
    assertCounted("listener.stream_idle.rq_timeout");
  }

  @Test
  void aStreamWithoutAByteIsCut_onceItsAnswerHasBegun() {
    UPSTREAM.answering(Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
    try (RawHttp client = RawHttp.connect(STREAM_IDLE)) {
      assertThat(client.send(GET).readToEnd()).startsWith("HTTP/1.1 200 ").contains("\r\n\r\nabc");
    }
    awaitLog("stream_idle 200 SI");
    assertCounted("listener.stream_idle.rq_reset");
  }

  @Test
  void anUpstreamThatIsTooSlowForTheRouteIsAnsweredFor() {
    UPSTREAM.answering(this::holding);
    assertThat(exchange(ROUTE)).startsWith("HTTP/1.1 504 ");
    awaitLog("route 504 UT");
    assertCounted("listener.route.rq_timeout");
  }

  @Test
  void aRequestAboveMaxRequestsIsRefused() {
    UPSTREAM.answering(this::holding);
    try (RawHttp first = RawHttp.connect(FEW_REQUESTS).send(GET)) {
      awaitOpen("few_requests", "requests", 1);

      assertThat(exchange(FEW_REQUESTS)).startsWith("HTTP/1.1 503 ").endsWith("too many requests");
      awaitLog("few_requests 503 UO");
      assertCounted("cluster.few_requests.rq_overflow");
      held.countDown();
      assertThat(first.readMessage()).endsWith("ok");
      assertThat(first.send(GET).readMessage()).as("there is room again").endsWith("ok");
    }
  }

  @Test
  void aLimitThatIsReachedStaysSoThroughSwapsOfTheCodecAndTheRouter() {
    UPSTREAM.answering(this::holding);
    try (RawHttp first = RawHttp.connect(FEW_REQUESTS).send(GET)) {
      awaitOpen("few_requests", "requests", 1);
      for (String name : List.of("http1", "router")) {
        var _ = OSPREY.ctl().run("swap", name, "--no-rehearsal").orFail();
        assertThat(exchange(FEW_REQUESTS)).as(name).startsWith("HTTP/1.1 503 ");
      }
      held.countDown();
      assertThat(first.readMessage()).endsWith("ok");
      assertThat(exchange(FEW_REQUESTS)).as("there is room again").startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aRequestAboveMaxPendingRequestsIsRefused_andTheOneThatWaitsIsServed() {
    UPSTREAM.answering(this::holding);
    try (RawHttp first = RawHttp.connect(FEW_WAITING).send(GET)) {
      await("the only connection is taken").until(() -> UPSTREAM.messages().size() == 1);
      try (RawHttp second = RawHttp.connect(FEW_WAITING).send(GET)) {
        awaitOpen("few_waiting", "pending", 1);

        assertThat(exchange(FEW_WAITING))
            .startsWith("HTTP/1.1 503 ")
            .endsWith("too many pending requests");
        awaitLog("few_waiting 503 UO");
        assertCounted("cluster.few_waiting.rq_overflow", "cluster.few_waiting.cx_overflow");
        held.countDown();
        assertThat(first.readMessage()).endsWith("ok");
        assertThat(second.readMessage()).endsWith("ok");
        assertThat(count("cluster.few_waiting.cx_total")).isOne();
      }
    }
  }

  @Test
  void aConnectionAboveMaxConnectionsOfAClusterIsClosed() {
    try (RawHttp first = RawHttp.connect(FEW_CONNECTIONS)) {
      assertThat(first.send(GET).readMessage()).endsWith("ok");

      assertThat(RawHttp.exchange(FEW_CONNECTIONS, GET)).doesNotContain("HTTP");
      awaitLog("few_connections 0 UO");
      assertCounted("cluster.few_connections.cx_overflow");
      assertThat(first.send(GET).readMessage()).as("the first goes on").endsWith("ok");
    }
  }

  @Test
  void aConnectionAboveMaxConnectionsOfAListenerIsClosedAtOnce() {
    try (RawHttp first = RawHttp.connect(FEW_CLIENTS)) {
      assertThat(first.send(GET).readMessage()).endsWith("ok");

      try (RawHttp second = RawHttp.connect(FEW_CLIENTS)) {
        assertThat(second.readToEnd()).doesNotContain("HTTP");
      }
      assertCounted("listener.few_clients.cx_overflow");
      assertThat(first.send(GET).readMessage()).as("the first goes on").endsWith("ok");
    }
    await("there is room again").until(() -> count("listener.few_clients.cx_active") == 0);
    try (RawHttp third = RawHttp.connect(FEW_CLIENTS)) {
      assertThat(third.send(GET).readMessage()).endsWith("ok");
    }
  }

  @Test
  void aConnectionThatWaitsInThePoolForTooLongIsClosed_andTheNextRequestGetsAnother() {
    int ended = UPSTREAM.ended();
    int accepted = UPSTREAM.accepted();
    try (RawHttp client = RawHttp.connect(POOL)) {
      assertThat(client.send(GET).readMessage()).endsWith("ok");
      assertThat(client.send(GET).readMessage()).as("one connection for both").endsWith("ok");
      assertThat(UPSTREAM.accepted()).isEqualTo(accepted + 1);

      await("the upstream sees its end").until(() -> UPSTREAM.ended() > ended);
      assertThat(count("cluster.pool.cx_active")).isZero();
      assertThat(client.send(GET).readMessage()).endsWith("ok");
      assertThat(count("cluster.pool.cx_total")).isEqualTo(2);
    }
  }

  @Test
  void aDrainEndsWhenItsTimeIsUp_whateverIsOpen() {
    int port = Ports.free();
    UPSTREAM.answering(this::holding);
    try (Osprey osprey =
            Osprey.start(
                Archive.shared(),
                Config.http(port, UPSTREAM.port()),
                List.of(),
                List.of("-Dosprey.drain=2"));
        RawHttp client = RawHttp.connect(port).send(GET)) {
      await("the request is open").until(() -> UPSTREAM.messages().size() == 1);
      long begun = System.nanoTime();
      osprey.terminate();

      assertThat(osprey.awaitEnd()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
      assertThat(client.readToEnd()).doesNotContain("200");
    }
  }

  /** An answer that comes when the test lets it. */
  private Answer holding(String message) {
    try {
      assertThat(held.await(30, TimeUnit.SECONDS)).as("let go").isTrue();
      return Answer.of(OK);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static String exchange(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      return client.send(GET).readMessage();
    }
  }

  private static void awaitLog(String line) {
    await("the access log says " + line)
        .until(() -> OSPREY.output().lines().anyMatch(("LIMIT " + line)::equals));
  }

  private static void assertCounted(String... names) {
    for (String name : names) {
      await(name).until(() -> count(name) >= 1);
    }
  }

  private static long count(String name) {
    return OSPREY.ctl().counters().getOrDefault(name, 0L);
  }

  private static void awaitOpen(String cluster, String what, int number) {
    await(number + " " + what)
        .until(() -> {
          for (JsonElement element : OSPREY.ctl().json("clusters").getAsJsonArray()) {
            JsonObject row = element.getAsJsonObject();
            if (row.get("name").getAsString().equals(cluster)) {
              return row.get(what).getAsInt() == number;
            }
          }
          return false;
        });
  }

  private static Config config() {
    int upstream = UPSTREAM.port();
    Config config =
        Config.empty()
            .withCluster("app", Config.speaking("http_protocol_options"), upstream)
            .withCluster("few_requests", breaker("max_requests: 1"), upstream)
            .withCluster(
                "few_waiting", breaker("max_connections: 1, max_pending_requests: 1"), upstream)
            .withCluster("few_connections", breaker("max_connections: 1"), upstream)
            .withCluster(
                "pool", "common_http_protocol_options: { idle_timeout: 0.3s }\n", upstream);
    http(config, "request", REQUEST, "app", "request_timeout: 0.3s");
    http(config, "headers", HEADERS, "app", "request_headers_timeout: 0.3s");
    http(config, "idle", IDLE, "app", "idle_timeout: 0.3s");
    config.withCodecs(
        "body",
        BODY,
        "app",
        List.of(Config.Codec.HTTP1, Config.Codec.HTTP2),
        log("body") + "max_request_bytes: 1000\n");
    http(config, "stream_idle", STREAM_IDLE, "app", "stream_idle_timeout: 0.3s");
    http(config, "few_requests", FEW_REQUESTS, "few_requests", "");
    http(config, "few_waiting", FEW_WAITING, "few_waiting", "");
    http(config, "pool", POOL, "pool", "");
    http(config, "few_clients", FEW_CLIENTS, "app", "").atMost(1);
    config.withTcp("few_connections", FEW_CONNECTIONS, "few_connections");
    config.logging(log("few_connections"));
    String route = "match: { prefix: / }, route: { cluster: app, timeout: 0.3s }";
    return config.withManager("route", ROUTE, log("route"), route);
  }

  private static Config http(Config config, String name, int port, String cluster, String time) {
    String extra = log(name) + time + "\n";
    return config.withHttp(name, port, cluster, Config.Codec.HTTP1, extra);
  }

  private static String log(String name) {
    return Config.accessLog("LIMIT " + name + " %RESPONSE_CODE% %RESPONSE_FLAGS%");
  }

  private static String breaker(String limits) {
    return "circuit_breakers: { thresholds: [ { " + limits + " } ] }\n";
  }
}
