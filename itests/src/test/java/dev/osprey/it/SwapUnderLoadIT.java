package dev.osprey.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Reports;
import dev.osprey.it.harness.Traffic;
import dev.osprey.load.HeadProber;
import dev.osprey.load.LongDownload;
import dev.osprey.load.Outcome;
import dev.osprey.load.SlowUploader;
import dev.osprey.load.SoakReport;
import dev.osprey.load.TunnelClient;
import dev.osprey.load.VersionTrace;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Swaps while everything that lasts is under way: pipelining clients, slow uploads in both
 * framings, slow downloads, a tunnel, an upstream connection that awaits a HEAD's answer, plain
 * TCP.
 */
class SwapUnderLoadIT {
  private static final int SWAPS = 10;
  private static final long UPLOAD = 400_000;
  private static final int DOWNLOAD = 2_000_000;

  /**
   * A kind of bundle that is swapped.
   *
   * @param extension its name, which the connections that run it show
   * @param connections that surely run it
   */
  private record Kind(
      String symbolicName, String extension, Path system, Path next, int connections) {}

  /** What came of ten swaps. */
  private record Outcomes(List<Report> swaps, SoakReport load) {}

  @Test
  void theCodecSwapsTenTimesAndNothingIsLost() throws Exception {
    Kind codec = new Kind(Builds.CODEC, "http1", Builds.codec("1.0.0"), Builds.codec("1.0.1"), 16);
    SoakReport load = swapTenTimes(codec).load();

    List<String> order = new ArrayList<>();
    for (int i = 0; i <= SWAPS; i++) {
      order.add("http1/" + version(i));
    }
    assertThat(load.longLivedAlive()).isEqualTo(load.longLived());
    assertThat(load.versions())
        .allSatisfy(trace -> {
          assertThat(trace.follows(order)).as("%s", trace).isTrue();
          assertThat(trace.versions()).hasSize(SWAPS + 1);
        });
  }

  @Test
  void theRouterSwapsTenTimesAndNothingIsLost() throws Exception {
    swapTenTimes(
        new Kind(Builds.ROUTER, "router", Builds.router("1.0.0"), Builds.router("1.0.1"), 0));
  }

  @Test
  void theTcpProxySwapsTenTimesAndNothingIsLost() throws Exception {
    swapTenTimes(new Kind(Builds.TCP, "tcp_proxy", Builds.tcp("1.0.0"), Builds.tcp("1.0.1"), 2));
  }

  private static Outcomes swapTenTimes(Kind kind) throws Exception {
    try (Traffic traffic = Traffic.start(Archive.shared(), List.of(), Osprey.WATCHING_BUFFERS)) {
      Companions companions = new Companions(traffic);
      List<Report> swaps = new ArrayList<>();
      for (int i = 1; i <= SWAPS; i++) {
        Map<String, Long> before = traffic.osprey().ctl().counters();
        swaps.add(swap(traffic, kind, version(i)));
        assertCountersGoOn(before, traffic.osprey().ctl().counters());
      }
      traffic.awaitOldLoadersCollected(kind.symbolicName());
      companions.endWithoutLoss();
      traffic.osprey().assertNoLeaks(traffic::awaitAnswers);
      SoakReport load = traffic.endWithoutLoss(kind.extension() + ", 10 swaps");

      assertThat(traffic.osprey().ctl().counters().get("listener.http.rq_total"))
          .as("requests of all versions")
          .isGreaterThanOrEqualTo(load.answered());
      assertThat(load.versions()).extracting(VersionTrace::alive).containsOnly(true);
      assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
      assertThat(swaps).allMatch(swap -> swap.connectionsMoved() >= kind.connections());
      assertThat(swaps).allMatch(swap -> swap.publishMillis() < 1_000);
      tell(swaps);
      return new Outcomes(swaps, load);
    }
  }

  /** The version in use after so many swaps. */
  private static String version(int swaps) {
    return swaps % 2 == 1 ? "1.0.1" : "1.0.0";
  }

  /** What only grows goes on from where it stood. */
  private static void assertCountersGoOn(Map<String, Long> before, Map<String, Long> after) {
    assertThat(before).containsKeys("listener.http.rq_2xx", "cluster.app.rq_2xx");
    before.forEach((name, value) -> {
      if (!name.endsWith("_active")) {
        assertThat(after.getOrDefault(name, 0L)).as(name).isGreaterThanOrEqualTo(value);
      }
    });
  }

  /** Every change but the first goes over one file name, so that each is one swap. */
  private static Report swap(Traffic traffic, Kind kind, String version) {
    Reports reports = traffic.osprey().reports();
    long before = reports.newest();
    traffic.osprey().drop(version.equals("1.0.1") ? kind.next() : kind.system());
    Report report = reports.awaitPublished(before, kind.symbolicName(), version);
    assertEveryConnectionRuns(traffic, kind, version);
    traffic.awaitAnswers();
    return report;
  }

  /** What a report says is in use is in use everywhere: nobody is waited for. */
  private static void assertEveryConnectionRuns(Traffic traffic, Kind kind, String version) {
    List<String> running =
        traffic.osprey().ctl().codeOfConnections().stream()
            .filter(code -> code.startsWith(kind.extension() + " "))
            .toList();
    assertThat(running).hasSizeGreaterThanOrEqualTo(kind.connections());
    assertThat(running).allMatch((kind.extension() + " " + version)::equals);
  }

  private static void tell(List<Report> swaps) {
    System.out.printf(
        "  longest stall %.2f ms; connections moved %s%n",
        swaps.stream().mapToDouble(Report::longestStallMillis).max().orElseThrow(),
        swaps.stream().map(Report::connectionsMoved).toList());
  }

  /** Clients whose one message lasts through many swaps. */
  private static final class Companions {
    private final TunnelClient tunnel;
    private final HeadProber heads;
    private final List<CompletableFuture<Outcome>> lasting = new ArrayList<>();

    Companions(Traffic traffic) {
      InetSocketAddress http = Ports.loopback(traffic.httpPort());
      tunnel = TunnelClient.start(traffic.calling(), http, 500, Duration.ofMillis(2));
      heads = HeadProber.start(traffic.calling(), http);
      for (SlowUploader.Framing framing : SlowUploader.Framing.values()) {
        lasting.add(
            SlowUploader.start(traffic.calling(), http, framing, UPLOAD, Duration.ofSeconds(12)));
      }
      lasting.add(download(traffic, "/bytes/" + DOWNLOAD));
      lasting.add(download(traffic, "/chunked/" + DOWNLOAD));
      lasting.add(download(traffic, "/slow/" + DOWNLOAD + "/12000"));
    }

    private static CompletableFuture<Outcome> download(Traffic traffic, String path) {
      return LongDownload.start(
          traffic.calling(), Ports.loopback(traffic.httpPort()), path, DOWNLOAD, DOWNLOAD / 12.0);
    }

    void endWithoutLoss() throws Exception {
      List<CompletableFuture<Outcome>> all = new ArrayList<>(lasting);
      all.add(tunnel.stop());
      all.add(heads.stop());
      for (CompletableFuture<Outcome> one : all) {
        Outcome outcome = one.get(40, SECONDS);
        System.out.printf(
            "  %s: %d exchanges, %d bytes%n",
            outcome.client(), outcome.exchanges(), outcome.bytes());
        assertThat(outcome.problems()).as(outcome.client()).isEmpty();
      }
    }
  }
}
