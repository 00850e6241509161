package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Traffic;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The archive with the collector that is the default, by name, and with the other one. */
class CollectorIT {
  private static final Map<String, String> CONCURRENT =
      Map.of("OSPREY_COLLECTOR", "concurrent", "OSPREY_JAVA_OPTS", "");
  private static final Map<String, String> SERIAL =
      Map.of("OSPREY_COLLECTOR", "serial", "OSPREY_JAVA_OPTS", "");
  private static final long LIMIT_AT_REST = 40L << 20;
  private static final int SWAPS = 4;

  @Test
  void theConcurrentOneLetsOldVersionsGoUnderLoad_andGetsMoreRoomWhenBusy() throws Exception {
    Assumptions.assumeTrue(
        Osprey.ownJvmHas("UseShenandoahGC"), "this Java comes without a concurrent collector");
    try (Traffic traffic = Traffic.start(CONCURRENT)) {
      Osprey osprey = traffic.osprey();
      assertThat(osprey.jvmFlag("SoftMaxHeapSize")).isEqualTo(LIMIT_AT_REST);
      swap(traffic);
      // The first old version too, which code of the host would keep if it named it.
      traffic.awaitOldLoadersCollected(Builds.CODEC);
      await("a collector that begins again and again gets more room")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> {
            osprey.collectGarbage();
            return osprey.jvmFlag("SoftMaxHeapSize") > LIMIT_AT_REST;
          });
      var _ = traffic.endWithoutLoss("codec-http1 with the concurrent collector, 4 swaps");
    }
  }

  @Test
  void theSerialOneLosesNothingEither_andLetsOldVersionsGoWhenItCollectsAll() throws Exception {
    try (Traffic traffic = Traffic.start(SERIAL)) {
      assertThat(traffic.osprey().jvmFlag("NewSize")).isEqualTo(24L << 20);
      swap(traffic);
      traffic.awaitOldLoadersCollected(Builds.CODEC);
      var _ = traffic.endWithoutLoss("codec-http1 with the serial collector, 4 swaps");
    }
  }

  private static void swap(Traffic traffic) throws Exception {
    Osprey osprey = traffic.osprey();
    for (int i = 1; i <= SWAPS; i++) {
      String version = i % 2 == 1 ? "1.0.1" : "1.0.0";
      long before = osprey.reports().newest();
      osprey.drop(Builds.codec(version));
      Report swap = osprey.reports().awaitPublished(before, Builds.CODEC, version);
      assertThat(swap.fellBack()).isZero();
      traffic.awaitAnswers();
    }
  }
}
