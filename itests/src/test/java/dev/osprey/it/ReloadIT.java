package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Reports;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.Traffic;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * A changed configuration is taken at once and whole, or not at all; other traffic never notices.
 */
class ReloadIT {
  private Traffic traffic;
  private Reports reports;
  private long before;
  private String test = "";

  @BeforeEach
  void start(TestInfo info) {
    traffic = Traffic.start();
    reports = traffic.osprey().reports();
    before = reports.newest();
    test = info.getDisplayName();
  }

  @AfterEach
  void endWithoutLoss() {
    try (Traffic ending = traffic) {
      ending.awaitAnswers();
      ending.endWithoutLoss(test);
    }
  }

  @Test
  void aBadFileChangesNothingAndSaysWhy() {
    int port = Ports.free();
    Config bad = traffic.config().withHttp("more", port, "nowhere");

    traffic.osprey().configure(bad.toString());

    Report report = reports.awaitRefused(before, "unknown cluster");
    assertThat(report.refusal()).contains("osprey.yaml:").contains("\"nowhere\"");
    assertThat(isOpen(port)).isFalse();

    traffic.osprey().configure("static_resources: [");
    assertThat(reports.awaitRefused(report.number(), "no YAML").refusal()).contains("osprey.yaml:");
  }

  @Test
  void aListenerIsAddedChangedAndRemovedWithoutTouchingOthers() {
    int port = Ports.free();
    try (ScriptedUpstream first = ScriptedUpstream.start();
        ScriptedUpstream second = ScriptedUpstream.start()) {
      configure(
          traffic.config().withHttp("more", port, "first").withCluster("first", first.port()));
      try (RawHttp client = RawHttp.connect(port)) {
        assertThat(ask(client)).endsWith("ok");
        configure(
            traffic
                .config()
                .withHttp("more", port, "second")
                .withCluster("first", first.port())
                .withCluster("second", second.port()));

        assertThat(ask(client)).endsWith("ok");
        assertThat(first.messages()).hasSize(1);
        assertThat(second.messages()).hasSize(1);

        configure(traffic.config());
        await("the listener is closed").until(() -> !isOpen(port));
      }
    }
  }

  @Test
  void aClustersEndpointsChangeWithoutALoss() {
    int port = Ports.free();
    try (ScriptedUpstream first = ScriptedUpstream.start();
        ScriptedUpstream second = ScriptedUpstream.start()) {
      configure(traffic.config().withHttp("more", port, "some").withCluster("some", first.port()));
      try (RawHttp client = RawHttp.connect(port)) {
        ask(client);
        configure(
            traffic.config().withHttp("more", port, "some").withCluster("some", second.port()));
        ask(client);

        assertThat(first.messages()).hasSize(1);
        assertThat(second.messages()).hasSize(1);
      }
    }
  }

  @Test
  void theSameFileAgainChangesNothing() {
    traffic.osprey().configure(traffic.config() + "# a comment\n");
    traffic.awaitAnswers();

    assertThat(reports.after(before)).allMatch(report -> report.connectionsMoved() == 0);
  }

  private void configure(Config config) {
    traffic.osprey().configure(config.toString());
    before =
        reports.awaitAfter(before, "the configuration is in use", Report::isPublished).number();
  }

  private static String ask(RawHttp client) {
    return client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
  }

  private static boolean isOpen(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      return client.localPort() > 0;
    } catch (UncheckedIOException refused) {
      return false;
    }
  }
}
