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
import dev.osprey.load.Residue;
import dev.osprey.load.ResidueProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * One client connection with a hundred open streams through a hundred swaps of its codec: nothing
 * is reset, nobody says goodbye, every byte is right at both ends, and in the end one class loader
 * of the codec is left, with the connection still open. {@code itests/soak --http2} goes on to
 * 1,100 swaps, behind 400 during which a young process fills its tables, and measures what is left
 * between the hundredth and the last.
 */
class Http2HundredStreamsIT {
  private static final int STREAMS = 100;
  private static final int BATCH = 100;
  private static final int BATCHES = Integer.getInteger("osprey.http2.batches", 1);
  private static final int WARM_UP = BATCHES > 1 ? 4 : 0;
  private static final long MOST_GROWTH = 1 << 20;

  /** Every open connection is to run the new code within a second. */
  private static final double MOST_MILLIS_TO_MOVE = 1000;

  /** The streams go on meanwhile, and pools take chunks of 4 MiB for what is under way. */
  private static final long MOST_POOLED = 16 << 20;

  private record Held(Residue residue, int connections) {
    long metaspaceAndHeap() {
      return residue.metaspaceBytes() + residue.liveHeapBytes();
    }

    int otherDescriptors() {
      return residue.fileDescriptors() - connections;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "metaspace %,d, live heap %,d, direct memory %,d bytes; factories %s, loaders %d,"
              + " threads %d, other descriptors %d",
          residue.metaspaceBytes(),
          residue.liveHeapBytes(),
          residue.directBytes(),
          residue.instances().values(),
          residue.bundleLoaders(),
          residue.lastingThreads(),
          otherDescriptors());
    }
  }

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
    try (MixedStreams streams = MixedStreams.open(FRONT, UPSTREAM, 0, STREAMS)) {
      Map<String, Integer> connections = upstreamConnections();
      assertThat(connections).containsEntry("hop", STREAMS / 4);
      ResidueProbe probe =
          ResidueProbe.of(OSPREY.pid(), "dev\\.osprey\\.codec\\.http2\\.Http2Factory");
      for (int batch = 0; batch < WARM_UP; batch++) {
        var _ = swapABatch(streams);
      }
      long before = swapABatch(streams);
      Optional<Held> first = BATCHES > 1 ? Optional.of(warm(probe)) : Optional.empty();
      for (int batch = 1; batch < BATCHES; batch++) {
        before = swapABatch(streams);
      }
      streams.awaitProgress();
      assertThat(upstreamConnections()).isEqualTo(connections);
      assertThat(UPSTREAM.connections()).hasSize(connections.get("app"));
      assertThat(streams.areOpen()).isTrue();
      first.ifPresent(it -> assertNothingGrew(it, settled(probe, it)));

      streams.finish();
      assertNothingWasEnded(streams.client());
      assertOneLoaderIsLeft(probe, before);
      assertNothingWasEnded(streams.client());
      System.out.printf("HTTP/2, %d swaps: %s%n", (WARM_UP + BATCHES) * BATCH, streams);
    }
  }

  /** Swaps a hundred times; returns the number of the report before the first. */
  private static long swapABatch(MixedStreams streams) {
    long before = OSPREY.reports().newest();
    for (int swap = 0; swap < BATCH; swap++) {
      swapInMidStream(streams);
    }
    assertEverySwapMovedBothConnections(before);
    return before;
  }

  private static Held held(ResidueProbe probe) {
    Residue residue = probe.probe();
    return new Held(residue, OSPREY.ctl().json("connections", "100000").getAsJsonArray().size());
  }

  /** The first probe loads what probes need, and does not count. */
  private static Held warm(ResidueProbe probe) {
    var _ = held(probe);
    return held(probe);
  }

  /** What one look finds in the hands of a body under way is no residue. */
  private static Held settled(ResidueProbe probe, Held first) {
    Held last = held(probe);
    for (int i = 0; i < 5 && growth(first, last) > MOST_GROWTH; i++) {
      last = held(probe);
    }
    return last;
  }

  private static long growth(Held first, Held last) {
    return last.metaspaceAndHeap() - first.metaspaceAndHeap();
  }

  private static void assertNothingGrew(Held first, Held last) {
    System.out.printf(
        "HTTP/2, swap %d: %s%nHTTP/2, swap %d: %s%n", BATCH, first, BATCHES * BATCH, last);
    assertThat(growth(first, last)).isLessThanOrEqualTo(MOST_GROWTH);
    assertThat(last.residue().directBytes() - first.residue().directBytes())
        .isLessThanOrEqualTo(MOST_POOLED);
    assertThat(last.residue().bundleLoaders()).isEqualTo(first.residue().bundleLoaders());
    assertThat(last.residue().lastingThreads())
        .isLessThanOrEqualTo(first.residue().lastingThreads());
    assertThat(last.otherDescriptors()).isLessThanOrEqualTo(first.otherDescriptors());
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
        .hasSize(BATCH)
        .allMatch(Report::isPublished)
        .allMatch(swap -> swap.fellBack() == 0)
        .allMatch(swap -> swap.connectionsMoved() == 1 + UPSTREAM.connections().size())
        .allMatch(swap -> swap.publishMillis() < MOST_MILLIS_TO_MOVE);
    System.out.printf(
        "HTTP/2, %d swaps: all connections moved within %.1f ms%n",
        BATCH, swaps.stream().mapToDouble(Report::publishMillis).max().orElseThrow());
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

  private static void assertOneLoaderIsLeft(ResidueProbe probe, long before) {
    await("one class loader of the codec is left, its connections still open")
        .atMost(Duration.ofSeconds(30))
        .until(() -> probe.probe().instances().values().stream().mapToLong(n -> n).sum() == 1);
    await("the reports say so")
        .until(() ->
            OSPREY.reports().allAfter(before).stream()
                .allMatch(it -> it.classLoader(Builds.HTTP2).startsWith("collected")));
  }
}
