package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.MixedStreams;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternPeer;
import dev.osprey.it.harness.PatternPeer.Goodbye;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Rebuilt;
import dev.osprey.it.harness.Report;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A build of the HTTP/2 codec that can't read its predecessor's record: open connections are said
 * goodbye to in two steps and lose nothing, new ones run the new build, and the report counts those
 * that fell back. The same on the way back.
 */
class Http2FallbackIT {
  private static final int STREAMS = 24;
  private static final int NO_ERROR = 0;
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

  @Test
  void connectionsThatANewBuildCantReadEndPolitely_andLoseNothing() {
    Path other =
        Rebuilt.build(
            "codec-http2", "1.0.5", "static final int VERSION = ", "static final int VERSION = 77");
    try (MixedStreams first = MixedStreams.open(FRONT, UPSTREAM, 0, STREAMS)) {
      Report forth = publish(other, "1.0.5");
      assertThat(forth.fellBack()).as("one of a client, one of an upstream").isEqualTo(2);
      assertThat(forth.connectionsMoved()).isZero();
      assertThat(OSPREY.output()).contains("2 fell back");
      assertGoodbyeInTwoSteps(first, STREAMS);

      try (MixedStreams second = MixedStreams.open(FRONT, UPSTREAM, 100, STREAMS)) {
        assertThat(UPSTREAM.connections()).as("upstream connections").hasSize(2);
        assertThat(UPSTREAM.connections())
            .allSatisfy(it -> assertThat(it.streams()).hasSize(STREAMS));
        assertThat(second.client().goodbyes()).isEmpty();

        Report back = publish(JarForge.version(system(), "1.0.6"), "1.0.6");
        assertThat(back.fellBack()).isEqualTo(2);
        assertThat(back.connectionsMoved()).as("the first ones, which drain").isEqualTo(2);
        assertGoodbyeInTwoSteps(second, STREAMS);
        second.awaitProgress();
        second.finish();
        assertClosedInOrder(second.client());
      }

      first.awaitProgress();
      first.finish();
      assertClosedInOrder(first.client());
      await("upstream connections are closed")
          .until(() -> UPSTREAM.connections().stream().allMatch(PatternPeer::isOver));
      assertThat(UPSTREAM.connections())
          .allSatisfy(it -> {
            assertThat(it.problems()).isEmpty();
            assertThat(it.goodbyes()).containsExactly(new Goodbye(0, NO_ERROR));
          });
      System.out.printf("HTTP/2, fallen back: %s%n", first);
    }
  }

  private static Path system() {
    return Archive.shared().extension("osprey-codec-http2");
  }

  private static Report publish(Path jar, String version) {
    long before = OSPREY.reports().newest();
    OSPREY.drop(jar);
    return OSPREY.reports().awaitPublished(before, Builds.HTTP2, version);
  }

  /** Whatever was on its way when it heard the first is named by the second. */
  private static void assertGoodbyeInTwoSteps(MixedStreams streams, int count) {
    PatternPeer client = streams.client();
    await("both steps").until(() -> client.goodbyes().size() >= 2);
    assertThat(client.goodbyes())
        .containsExactly(
            new Goodbye(Integer.MAX_VALUE, NO_ERROR), new Goodbye(2 * count - 1, NO_ERROR));
    streams.awaitProgress();
    assertThat(streams.areOpen()).isTrue();
    assertThat(client.isOver()).isFalse();
  }

  private static void assertClosedInOrder(PatternPeer client) {
    await("the connection is closed").until(client::isOver);
    assertThat(client.problems()).isEmpty();
    assertThat(client.goodbyes()).hasSize(2);
  }
}
