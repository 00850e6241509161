package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.GrpcPeers;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Report;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** gRPC through the archive, without TLS: grpc-java on both sides. */
class GrpcIT {
  private static final GrpcPeers.Server SERVER = GrpcPeers.Server.start();
  private static final int PORT = Ports.free();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withHttp("grpc", PORT, "app", Config.Codec.HTTP2, "")
              .withCluster("app", SERVER.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    SERVER.close();
  }

  @Test
  void theInteropSuitePasses() {
    String out = GrpcPeers.interop(PORT, Duration.ZERO).orFail().out();

    assertThat(out.lines().filter(line -> line.startsWith("passed "))).hasSizeGreaterThan(30);
  }

  @Test
  void theInteropSuitePassesWhileTheCodecIsSwapped() throws Exception {
    CompletableFuture<Programs.Result> suite =
        CompletableFuture.supplyAsync(
            () -> GrpcPeers.interop(PORT, Duration.ofSeconds(15)), Thread::startVirtualThread);
    long before = OSPREY.reports().newest();
    int swaps = 0;
    while (!suite.isDone()) {
      var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
      swaps++;
      TimeUnit.MILLISECONDS.sleep(50);
    }

    String out = suite.get().out();
    System.out.println(out.lines().reduce((_, last) -> last).orElse("") + ", " + swaps + " swaps");
    assertThat(suite.get().orFail().exit()).isZero();
    List<Report> reports = OSPREY.reports().after(before);
    assertThat(reports).hasSize(swaps).allMatch(Report::isPublished);
    assertThat(reports).allMatch(swap -> swap.fellBack() == 0);
    assertThat(reports.stream().mapToLong(Report::connectionsMoved).sum()).isGreaterThan(swaps);
  }
}
