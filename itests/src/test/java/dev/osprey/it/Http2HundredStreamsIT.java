package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.MixedStreams;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternPeer;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Report;
import dev.osprey.load.ResidueProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * One client connection with a hundred open streams through a hundred swaps of its codec: nothing
 * is reset, nobody says goodbye, every byte is right at both ends, and in the end one class loader
 * of the codec is left, with the connection still open.
 */
class Http2HundredStreamsIT {
  private static final int STREAMS = 100;
  private static final int SWAPS = 100;
  private static final String ALL = "match: { prefix: / }, route: { cluster: app, timeout: 0s }";
  private static final int FRONT = Ports.free();

  /**
   * A listener of HTTP/1 behind the first: every fourth stream goes a part of its way in HTTP/1.
   */
  private static final int HOP = Ports.free();

  private static final PatternUpstream UPSTREAM = MixedStreams.upstream();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front",
                  FRONT,
                  "",
                  "match: { prefix: %s }, route: { cluster: hop, timeout: 0s }"
                      .formatted(MixedStreams.DETOUR),
                  ALL)
              .withManager("hop", HOP, "codec_type: HTTP1", ALL)
              .withCluster("hop", Config.speaking("http_protocol_options"), HOP)
              .withCluster("app", Config.speaking("http2_protocol_options"), UPSTREAM.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @Test
  void aHundredStreamsOfOneConnectionPassAHundredSwaps() {
    long before = OSPREY.reports().newest();
    try (MixedStreams streams = MixedStreams.open(FRONT, UPSTREAM, 0, STREAMS)) {
      Map<String, Integer> connections = upstreamConnections();
      assertThat(connections).containsEntry("hop", STREAMS / 4);
      for (int swap = 0; swap < SWAPS; swap++) {
        swapInMidStream(streams);
      }
      streams.awaitProgress();
      assertThat(upstreamConnections()).isEqualTo(connections);
      assertThat(UPSTREAM.connections()).hasSize(connections.get("app"));
      assertThat(streams.areOpen()).isTrue();
      assertEverySwapMovedBothConnections(before);

      streams.finish();
      assertNothingWasEnded(streams.client());
      assertOneLoaderIsLeft(before);
      assertNothingWasEnded(streams.client());
      System.out.printf("HTTP/2, %d swaps: %s%n", SWAPS, streams);
    }
  }

  private static Map<String, Integer> upstreamConnections() {
    Map<String, Integer> open = new TreeMap<>();
    for (JsonElement element : OSPREY.ctl().json("clusters").getAsJsonArray()) {
      JsonObject cluster = element.getAsJsonObject();
      open.put(cluster.get("name").getAsString(), cluster.get("connections").getAsInt());
    }
    return open;
  }

  private static void swapInMidStream(MixedStreams streams) {
    long moved = streams.moved();
    var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
    await("bodies go on")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> streams.moved() > moved);
  }

  private static void assertEverySwapMovedBothConnections(long before) {
    Collection<Report> swaps = OSPREY.reports().allAfter(before);
    assertThat(swaps)
        .hasSize(SWAPS)
        .allMatch(Report::isPublished)
        .allMatch(swap -> swap.fellBack() == 0)
        .allMatch(swap -> swap.connectionsMoved() == 1 + UPSTREAM.connections().size());
  }

  private static void assertNothingWasEnded(PatternPeer client) {
    List<PatternPeer> peers = new ArrayList<>(UPSTREAM.connections());
    peers.add(client);
    for (PatternPeer peer : peers) {
      assertThat(peer.problems()).isEmpty();
      assertThat(peer.goodbyes()).isEmpty();
      assertThat(peer.isOver()).isFalse();
    }
  }

  private static void assertOneLoaderIsLeft(long before) {
    ResidueProbe probe =
        ResidueProbe.of(OSPREY.pid(), "dev\\.osprey\\.codec\\.http2\\.Http2Factory");
    await("one class loader of the codec is left, its connections still open")
        .atMost(Duration.ofSeconds(30))
        .until(() -> probe.probe().instances().values().stream().mapToLong(n -> n).sum() == 1);
    await("the reports say so")
        .until(() ->
            OSPREY.reports().allAfter(before).stream()
                .allMatch(it -> it.classLoader(Builds.HTTP2).startsWith("collected")));
  }
}
