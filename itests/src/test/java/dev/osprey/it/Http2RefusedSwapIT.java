package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.bundle.StartThrows;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.MixedStreams;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternPeer;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Rebuilt;
import dev.osprey.it.harness.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Builds of the HTTP/2 codec that fail before they are in use, while streams are open on both
 * sides: each is refused with its reason, nothing is ended, every stream goes on byte by byte, and
 * the next good build takes over as if nothing had been.
 */
class Http2RefusedSwapIT {
  private static final int STREAMS = 24;
  private static final String REFUSES = "this build takes no configuration at all";
  private static final String THROWS = "this build serves nobody";
  private static final int FRONT = Ports.free();
  private static final PatternUpstream UPSTREAM = MixedStreams.upstream();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withManager(
                  "front", FRONT, "", "match: { prefix: / }, route: { cluster: app, timeout: 0s }")
              .withCluster("app", Config.speaking("http2_protocol_options"), UPSTREAM.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  private static JarForge system() {
    return JarForge.of(Archive.shared().extension("osprey-codec-http2"));
  }

  @Test
  void buildsThatFailAreRefused_andTheStreamsGoOn() {
    try (MixedStreams streams = MixedStreams.open(FRONT, UPSTREAM, 0, STREAMS)) {
      List<String> code = OSPREY.ctl().codeOfConnections();

      refused(
          streams,
          system().withVersion("1.9.1").startingBy(StartThrows.class).write(),
          StartThrows.WORDS);
      refused(
          streams,
          Rebuilt.build(
              "codec-http2",
              "1.9.2",
              "    return new Http2Plan(\n",
              "    config.say(\"%s\");\n    return new Http2Plan(\n".formatted(REFUSES)),
          REFUSES);
      refused(
          streams,
          Rebuilt.build(
              "codec-http2",
              "1.9.3",
              "  public Progress decode(ByteBuf in) {\n",
              "  public Progress decode(ByteBuf in) {\n    if (in != null) throw new IllegalStateException(\"%s\");\n"
                  .formatted(THROWS)),
          THROWS);
      assertThat(OSPREY.ctl().codeOfConnections()).as("what runs").isEqualTo(code);

      long before = OSPREY.reports().newest();
      OSPREY.drop(system().withVersion("1.9.4").write());
      Report good = OSPREY.reports().awaitPublished(before, Builds.HTTP2, "1.9.4");
      assertThat(good.connectionsMoved()).isEqualTo(2);
      assertThat(good.fellBack()).isZero();
      streams.awaitProgress();
      assertNothingWasEnded(streams);
      streams.finish();
      assertNothingWasEnded(streams);
    }
  }

  private static void refused(MixedStreams streams, Path jar, String why) {
    long before = OSPREY.reports().newest();
    OSPREY.drop(jar);
    Report report = OSPREY.reports().awaitRefused(before, why);

    assertThat(report.refusal()).contains(why);
    assertThat(report.json().has("connections_moved")).isFalse();
    streams.awaitProgress();
    assertNothingWasEnded(streams);
    OSPREY.remove(jar);
    streams.awaitProgress();
    assertNothingWasEnded(streams);
  }

  private static void assertNothingWasEnded(MixedStreams streams) {
    List<PatternPeer> peers = new ArrayList<>(UPSTREAM.connections());
    assertThat(peers).as("upstream connections").hasSize(1);
    peers.add(streams.client());
    for (PatternPeer peer : peers) {
      assertThat(peer.problems()).isEmpty();
      assertThat(peer.goodbyes()).isEmpty();
      assertThat(peer.isOver()).isFalse();
    }
  }
}
