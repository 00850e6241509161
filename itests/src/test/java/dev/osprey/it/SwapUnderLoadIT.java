package dev.osprey.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Builds;
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

  @Test
  void theCodecSwapsTenTimesAndNothingIsLost() throws Exception {
    Path system = Builds.codec("1.0.0");
    Path next = Builds.codec("1.0.1");
    try (Traffic traffic = Traffic.start()) {
      Companions companions = new Companions(traffic);
      List<String> order = new ArrayList<>(List.of("http1/1.0.0"));
      List<Report> swaps = new ArrayList<>();
      for (int i = 1; i <= SWAPS; i++) {
        boolean forward = i % 2 == 1;
        swaps.add(swap(traffic, forward ? next : system, Builds.CODEC, forward));
        order.add(forward ? "http1/1.0.1" : "http1/1.0.0");
      }
      companions.endWithoutLoss();
      SoakReport report = traffic.endWithoutLoss("codec-http1, 10 swaps, both roles");

      assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
      assertThat(swaps).allMatch(swap -> swap.connectionsMoved() > 0);
      assertThat(report.longLivedAlive()).isEqualTo(report.longLived());
      assertThat(report.versions())
          .allSatisfy(trace -> {
            assertThat(trace.follows(order)).as("%s", trace).isTrue();
            assertThat(trace.versions()).hasSize(SWAPS + 1);
          });
      tell(swaps);
    }
  }

  @Test
  void theRouterSwapsTenTimesAndNothingIsLost() throws Exception {
    swapTenTimes(Builds.ROUTER, Builds.router("1.0.0"), Builds.router("1.0.1"), "router");
  }

  @Test
  void theTcpProxySwapsTenTimesAndNothingIsLost() throws Exception {
    List<Report> swaps =
        swapTenTimes(Builds.TCP, Builds.tcp("1.0.0"), Builds.tcp("1.0.1"), "network-tcp-proxy");

    assertThat(swaps).allMatch(swap -> swap.connectionsMoved() > 0);
  }

  private static List<Report> swapTenTimes(String name, Path system, Path next, String title)
      throws Exception {
    try (Traffic traffic = Traffic.start()) {
      Companions companions = new Companions(traffic);
      List<Report> swaps = new ArrayList<>();
      for (int i = 1; i <= SWAPS; i++) {
        boolean forward = i % 2 == 1;
        swaps.add(swap(traffic, forward ? next : system, name, forward));
      }
      companions.endWithoutLoss();
      SoakReport report = traffic.endWithoutLoss(title + ", 10 swaps");

      assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
      assertThat(report.versions()).extracting(VersionTrace::alive).containsOnly(true);
      tell(swaps);
      return swaps;
    }
  }

  /** Every change but the first goes over one file name, so that each is one swap. */
  private static Report swap(Traffic traffic, Path jar, String name, boolean forward) {
    Reports reports = traffic.osprey().reports();
    long before = reports.newest();
    traffic.osprey().drop(jar);
    Report report = reports.awaitPublished(before, name, forward ? "1.0.1" : "1.0.0");
    traffic.awaitAnswers();
    return report;
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
