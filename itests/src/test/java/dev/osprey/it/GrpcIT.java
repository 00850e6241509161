package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.GrpcPeers;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Report;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** gRPC through the archive, without TLS: grpc-java on both sides. */
class GrpcIT {
  private static final GrpcPeers.Server SERVER = GrpcPeers.Server.start();
  private static final int PORT = Ports.free();
  private static final int SHORT = Ports.free();
  private static final int ASKED = Ports.free();
  private static final int NOBODY = Ports.free();
  private static final String COUNTED =
      """
      http_filters:
        - name: grpc_stats
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig
            stats_for_all_methods: true
        - name: router
          typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
      """;
  private static final String HTTP2_ONLY = "codec_type: HTTP2";
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withHttp("grpc", PORT, "app", Config.Codec.HTTP2, COUNTED)
              .withManager("short", SHORT, HTTP2_ONLY, route("app", "max_stream_duration: 1s"))
              .withManager("asked", ASKED, HTTP2_ONLY, route("app", "grpc_timeout_header_max: 0s"))
              .withManager("nobody", NOBODY, HTTP2_ONLY, route("gone", "max_stream_duration: 0s"))
              .withCluster("app", Config.speaking("http2_protocol_options"), SERVER.port())
              .withCluster("gone", Ports.free()));

  private static String route(String cluster, String duration) {
    return "match: { prefix: /grpc.testing.TestService/ }, route: { cluster: %s, timeout: 0s, max_stream_duration: { %s } }"
        .formatted(cluster, duration);
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    SERVER.close();
  }

  /** The very cases that pass without a proxy in between; one that is skipped says nothing. */
  @Test
  void theInteropSuitePassesAsItDoesWithoutAProxy() {
    Set<String> direct = passed(SERVER.port());
    assertThat(direct).hasSizeGreaterThan(30);

    assertThat(passed(PORT)).isEqualTo(direct);
  }

  private static Set<String> passed(int port) {
    return GrpcPeers.interop(port, Duration.ZERO)
        .orFail()
        .out()
        .lines()
        .filter(line -> line.startsWith("passed "))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theInteropSuitePassesWhileTheCodecAndAFilterAreSwapped() throws Exception {
    CompletableFuture<Programs.Result> suite =
        CompletableFuture.supplyAsync(
            () -> GrpcPeers.interop(PORT, Duration.ofSeconds(15)), Thread::startVirtualThread);
    long before = OSPREY.reports().newest();
    int swaps = 0;
    while (!suite.isDone()) {
      String what = swaps % 4 == 3 ? "grpc_stats" : "http2";
      var _ = OSPREY.ctl().run("swap", what, "--no-rehearsal").orFail();
      swaps++;
      TimeUnit.MILLISECONDS.sleep(50);
    }

    String out = suite.get().out();
    System.out.println(out.lines().reduce((_, last) -> last).orElse("") + ", " + swaps + " swaps");
    assertThat(suite.get().orFail().exit()).isZero();
    Collection<Report> reports = OSPREY.reports().allAfter(before);
    assertThat(reports).hasSize(swaps).allMatch(Report::isPublished);
    assertThat(reports).allMatch(swap -> swap.fellBack() == 0);
    assertThat(reports.stream().mapToLong(Report::connectionsMoved).sum()).isGreaterThan(swaps / 2);
  }

  @Test
  void callsAreCountedByMethod_alsoThroughASwapOfTheFilter() {
    long calls = counted("EmptyCall.total");
    long messages = counted("StreamingOutputCall.response_message_count");
    GrpcPeers.calls(PORT, "empty", "stream:3:1", "empty");
    var _ = OSPREY.ctl().run("swap", "grpc_stats").orFail();
    GrpcPeers.calls(PORT, "empty", "stream:2:1", "stream:1:5000@300");

    await("the last call has ended")
        .until(() -> counted("StreamingOutputCall.failure") >= 1 && counted("EmptyCall.0") >= 3);
    assertThat(counted("EmptyCall.total")).isEqualTo(calls + 3);
    assertThat(counted("StreamingOutputCall.response_message_count")).isEqualTo(messages + 5);
  }

  private static long counted(String name) {
    JsonElement value =
        OSPREY
            .ctl()
            .json("stats")
            .getAsJsonObject()
            .getAsJsonObject("counters")
            .get("grpc.grpc.testing.TestService." + name);
    return value == null ? 0 : value.getAsLong();
  }

  @Test
  void theProxysOwnAnswersAreStatusesOfGrpc() {
    assertThat(GrpcPeers.calls(NOBODY, "empty").getFirst()).startsWith("UNAVAILABLE|");
    assertThat(GrpcPeers.health(SHORT, "").getFirst()).startsWith("UNIMPLEMENTED|no route|");
  }

  @Test
  void aStreamWhoseTimeIsUpIsADeadlineForTheCallerAndACancelForTheServer() {
    long before = SERVER.said("cancelled StreamingOutputCall");

    List<String> ended = GrpcPeers.calls(SHORT, "stream:1:5000", "stream:50:100", "empty");

    assertThat(ended.get(0)).startsWith("DEADLINE_EXCEEDED|the stream's time is up|");
    // Its answer had begun: it is cut, and says why.
    assertThat(ended.get(1)).startsWith("DEADLINE_EXCEEDED|time is up|");
    assertThat(ended.get(2)).startsWith("OK|");
    assertThat(ended.subList(0, 2)).allMatch(line -> millis(line) >= 900 && millis(line) < 4000);
    await("the server hears of both")
        .until(() -> SERVER.said("cancelled StreamingOutputCall") == before + 2);
  }

  @Test
  void aServerThatDiesInItsAnswerIsUnavailable() throws Exception {
    GrpcPeers.Server mortal = GrpcPeers.Server.start();
    int port = Ports.free();
    try (Osprey osprey =
        Osprey.start(
            Config.empty()
                .withHttp("grpc", port, "app", Config.Codec.HTTP2, "")
                .withCluster("app", Config.speaking("http2_protocol_options"), mortal.port()))) {
      CompletableFuture<List<String>> calls =
          CompletableFuture.supplyAsync(
              () -> GrpcPeers.calls(port, "stream:100:100"), Thread::startVirtualThread);
      await("the call is under way")
          .atMost(Duration.ofSeconds(30))
          .until(() -> mortal.said("began StreamingOutputCall") == 1);
      // Ten messages, a swap or more to each.
      for (long end = System.nanoTime() + 1_000_000_000L; System.nanoTime() < end; ) {
        var _ = osprey.ctl().run("swap", "http2", "--no-rehearsal").orFail();
      }
      mortal.close();

      assertThat(calls.get(30, TimeUnit.SECONDS).getFirst())
          .startsWith("UNAVAILABLE|the upstream was lost|");
    }
  }

  @Test
  void aDeadlineGoesOnUnchangedAndEndsTheStream() {
    long before = SERVER.said("cancelled StreamingOutputCall");

    List<String> ended = GrpcPeers.calls(ASKED, "empty@7654321", "stream:1:5000@600", "cancel");

    assertThat(ended.get(0)).startsWith("OK|");
    assertThat(ended.get(1)).startsWith("DEADLINE_EXCEEDED|");
    assertThat(ended.get(2)).startsWith("OK|");
    assertThat(SERVER.said("began EmptyCall timeout 765")).isPositive();
    await("the server hears of both")
        .until(() -> SERVER.said("cancelled StreamingOutputCall") == before + 2);
  }

  private static long millis(String line) {
    return Long.parseLong(line.split("\\|", -1)[2]);
  }
}
