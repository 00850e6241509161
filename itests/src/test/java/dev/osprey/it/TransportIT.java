package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Reports;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code osprey.transport}: swaps on io_uring, and what happens where it can't be had. */
class TransportIT {
  private static final int SWAPS = 10;
  private static final String WISH = "-Dosprey.transport=io_uring";

  @Test
  void onIoUringTheCodecSwapsTenTimesAndNothingIsLost() throws Exception {
    try (Traffic traffic = Traffic.start(Archive.shared(), List.of(), List.of(WISH))) {
      Osprey osprey = traffic.osprey();
      if (osprey.output().contains("no io_uring (")) {
        // A kernel or a container may forbid it; then it was said, and all goes on over epoll.
        assertThat(osprey.output()).contains("trying epoll");
        System.out.println("TransportIT: NO io_uring HERE, the swaps are on epoll");
      } else {
        assertThat(hasRings(osprey.pid())).isTrue();
      }
      Reports reports = osprey.reports();
      for (int i = 1; i <= SWAPS; i++) {
        String version = i % 2 == 1 ? "1.0.1" : "1.0.0";
        long before = reports.newest();
        osprey.drop(Builds.codec(version));
        Report swap = reports.awaitPublished(before, Builds.CODEC, version);
        assertThat(swap.fellBack()).isZero();
        traffic.awaitAnswers();
      }
      traffic.awaitOldLoadersCollected(Builds.CODEC);
      var _ = traffic.endWithoutLoss("codec-http1 on io_uring, 10 swaps");
    }
  }

  @Test
  void withoutNativeCodeItServesAllTheSameAndSaysWhy() throws Exception {
    int port = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey =
            Osprey.start(
                Archive.shared(),
                Config.http(port, upstream.port()),
                List.of(),
                List.of(WISH, "-Dio.netty.transport.noNative=true"))) {
      try (RawHttp client = RawHttp.connect(port)) {
        String answer = client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
        assertThat(RawHttp.status(answer)).isEqualTo(200);
      }
      assertThat(osprey.output())
          .containsPattern("no io_uring \\(.+\\), trying epoll")
          .containsPattern("no epoll \\(.*noNative.*\\), trying nio");
      assertThat(osprey.stop()).isZero();
    }
  }

  private static boolean hasRings(long pid) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return descriptors.anyMatch(TransportIT::isRing);
    }
  }

  private static boolean isRing(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("io_uring");
    } catch (IOException closed) {
      return false;
    }
  }
}
