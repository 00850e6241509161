package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.GrpcPeers;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Active health checks through the archive: gRPC's against real servers, HTTP's, and TCP's. */
class HealthIT {
  private static final GrpcPeers.Server ONE = GrpcPeers.Server.start();
  private static final GrpcPeers.Server TWO = GrpcPeers.Server.start();
  private static final ScriptedUpstream WELL =
      ScriptedUpstream.start().answering(ScriptedUpstream.Answer.last(answer(200, "well")));
  private static final ScriptedUpstream ILL =
      ScriptedUpstream.start()
          .answering(request ->
              ScriptedUpstream.Answer.of(
                  request.startsWith("GET /ready") ? answer(503, "") : answer(200, "ill")));
  private static final int GRPC = Ports.free();
  private static final int HTTP = Ports.free();
  private static final int TCP = Ports.free();
  private static final int GONE = Ports.free();
  private static final ServerSocket SLOW = server();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withHttp("grpc", GRPC, "calls", Config.Codec.HTTP2, "")
              .withHttp("http", HTTP, "pages")
              .withTcp("tcp", TCP, "bytes")
              .withCluster(
                  "calls",
                  protocol("http2_protocol_options") + check("grpc_health_check: {}"),
                  ONE.port(),
                  TWO.port())
              .withCluster(
                  "pages",
                  protocol("http_protocol_options") + check("http_health_check: { path: /ready }"),
                  WELL.port(),
                  ILL.port())
              .withCluster("bytes", check("tcp_health_check: {}"), WELL.port(), GONE)
              .withCluster(
                  "slow",
                  protocol("http2_protocol_options") + once("grpc_health_check: {}"),
                  SLOW.getLocalPort()));

  private static String answer(int status, String body) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String protocol(String options) {
    return """
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: { %s: {} }
    """
        .formatted(options);
  }

  private static String check(String what) {
    return """
    health_checks:
      - { timeout: 1s, interval: 0.1s, unhealthy_threshold: 2, healthy_threshold: 2, %s }
    """
        .formatted(what);
  }

  /** One probe, which has time until a test looks at it. */
  private static String once(String what) {
    return check(what).replace("timeout: 1s, interval: 0.1s", "timeout: 600s, interval: 600s");
  }

  private static ServerSocket server() {
    try {
      return new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @AfterAll
  static void end() throws IOException {
    assertThat(OSPREY.stop()).isZero();
    SLOW.close();
    ONE.close();
    TWO.close();
    WELL.close();
    ILL.close();
  }

  @BeforeEach
  void allServersServe() {
    ONE.health("-", "SERVING");
    TWO.health("-", "SERVING");
    await("both are healthy").until(() -> state(ONE.port()).equals("healthy") && isTwoHealthy());
  }

  private static boolean isTwoHealthy() {
    return state(TWO.port()).equals("healthy");
  }

  /** What {@code ctl clusters} says of the endpoint at a port, behind its address. */
  private static String state(int port) {
    String all = OSPREY.ctl().run("clusters").orFail();
    int at = all.indexOf(":" + port + " (");
    return at < 0 ? "" : all.substring(all.indexOf('(', at) + 1, all.indexOf(')', at));
  }

  @Test
  void anUnhealthyServerGetsNoCalls_andIsBackOnceItServes() {
    TWO.health("-", "NOT_SERVING");
    await("it is found out").until(() -> state(TWO.port()).equals("unhealthy: NOT_SERVING"));
    long before = TWO.said("began EmptyCall");

    assertThat(GrpcPeers.calls(GRPC, "empty", "empty", "empty", "empty", "empty", "empty"))
        .allMatch(line -> line.startsWith("OK|"));

    assertThat(TWO.said("began EmptyCall")).isEqualTo(before);
    TWO.health("-", "SERVING");
    await("it is back").until(HealthIT::isTwoHealthy);
    GrpcPeers.calls(GRPC, "empty", "empty", "empty", "empty");
    assertThat(TWO.said("began EmptyCall")).isGreaterThan(before);
    assertThat(OSPREY.linesWith("is unhealthy: NOT_SERVING")).isNotEmpty();
    assertThat(OSPREY.linesWith(":" + TWO.port() + " is healthy")).isNotEmpty();
  }

  @Test
  void withMostOfThemUnhealthyAllAreAsked() {
    ONE.health("-", "NOT_SERVING");
    TWO.health("-", "NOT_SERVING");
    await("both are found out")
        .until(() ->
            state(ONE.port()).startsWith("unhealthy") && state(TWO.port()).startsWith("unhealthy"));

    assertThat(GrpcPeers.calls(GRPC, "empty", "empty")).allMatch(line -> line.startsWith("OK|"));
  }

  @Test
  void whatIsKnownSurvivesSwapsUnderLoad() throws Exception {
    TWO.health("-", "NOT_SERVING");
    await("it is found out").until(() -> state(TWO.port()).equals("unhealthy: NOT_SERVING"));
    CompletableFuture<Programs.Result> load =
        CompletableFuture.supplyAsync(
            () -> GrpcPeers.interop(GRPC, Duration.ofSeconds(4)), Thread::startVirtualThread);
    long before = OSPREY.reports().newest();
    long called = TWO.said("began ");
    int swaps = 0;
    while (!load.isDone()) {
      long calls = ONE.said("began ");
      var _ = OSPREY.ctl().run("swap", swaps % 3 == 2 ? "http2" : "grpc").orFail();
      swaps++;
      assertThat(state(TWO.port())).isEqualTo("unhealthy: NOT_SERVING");
      await("calls go on").until(() -> load.isDone() || ONE.said("began ") > calls);
    }

    assertThat(load.get().orFail().exit()).isZero();
    Collection<Report> reports = OSPREY.reports().allAfter(before);
    assertThat(reports).hasSize(swaps).allMatch(Report::isPublished);
    assertThat(TWO.said("began ")).isEqualTo(called);
    TWO.health("-", "SERVING");
    await("the newest code finds it healthy").until(HealthIT::isTwoHealthy);
  }

  @Test
  void pagesComeFromWhoAnswersTheCheck() {
    await("it is found out").until(() -> state(ILL.port()).equals("unhealthy: status 503"));

    for (int i = 0; i < 6; i++) {
      assertThat(RawHttp.exchange(HTTP, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .endsWith("well");
    }
  }

  @Test
  void connectionsGoToWhoAcceptsThem() {
    await("it is found out").until(() -> state(GONE).startsWith("unhealthy: "));

    for (int i = 0; i < 6; i++) {
      assertThat(RawHttp.exchange(TCP, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .endsWith("well");
    }
  }

  /** As with requests: before it has spoken nothing is known of what it takes. */
  @Test
  void anEndpointIsAskedOnceItHasSaidThatItTakesAStream_alsoThroughASwap() {
    try (RawHttp2 endpoint = RawHttp2.acceptSilently(SLOW)) {
      assertThat(endpoint.next().type()).isEqualTo(RawHttp2.SETTINGS);
      OSPREY.ctl().run("swap", "http2").orFail();
      endpoint.settings(RawHttp2.MAX_CONCURRENT_STREAMS, 0).inStep();
      OSPREY.ctl().run("swap", "http2").orFail();
      assertThat(endpoint.inStep().count(RawHttp2.HEADERS)).isZero();
      assertThat(state(SLOW.getLocalPort())).isEqualTo("not checked yet");

      endpoint.settings(RawHttp2.MAX_CONCURRENT_STREAMS, 1);
      assertThat(endpoint.awaitHead(1)).contains(":path: /grpc.health.v1.Health/Check");
      endpoint.headers(1, false, ":status", "200", "content-type", "application/grpc");
      endpoint.data(1, new byte[] {0, 0, 0, 0, 2, 8, 1}, false);
      endpoint.headers(1, true, "grpc-status", "0");
      await("it is healthy").until(() -> state(SLOW.getLocalPort()).equals("healthy"));
      assertThat(endpoint.count(RawHttp2.HEADERS)).isOne();
    }
  }
}
