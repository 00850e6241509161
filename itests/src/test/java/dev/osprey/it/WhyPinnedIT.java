package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.bundle.PinsItself;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Traffic;
import dev.osprey.load.Outcome;
import dev.osprey.load.TunnelClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code ctl why-pinned}: what holds the class loader of an old version. */
class WhyPinnedIT {
  @Test
  void namesTheChainThatHoldsAnOldVersion_andDeletesTheDump() throws Exception {
    try (Traffic traffic = Traffic.start()) {
      Osprey osprey = traffic.osprey();
      assertThat(osprey.command("ctl", "why-pinned").orFail().out())
          .contains("no old version is left");

      Path jar = Archive.shared().extension("osprey-lb-round-robin");
      publish(osprey, JarForge.of(jar).withVersion("1.0.7").startingBy(PinsItself.class).write());
      publish(osprey, JarForge.version(jar, "1.0.8"));
      await("nothing is open on the old version")
          .until(() -> osprey.ctl().run("why-pinned").orFail().contains("1.0.7"));
      Programs.Result told = osprey.command("ctl", "why-pinned");

      assertThat(told.exit()).as(told.out()).isEqualTo(1);
      assertThat(told.out())
          .contains(
              "dev.osprey.lb.roundrobin 1.0.7",
              "nothing is open on it, yet its class loader is held",
              "java.util.Properties.map",
              "dev.osprey.it.bundle.PinsItself",
              "the class loader")
          .doesNotContain("1.0.8");
      String json = osprey.command("ctl", "why-pinned", "--keep", "--json").out();
      assertThat(json).contains("\"held_by\": [", "\"alive\": true", "\"dump\": ");
      try (var dumps = Files.list(osprey.data().resolve("dumps"))) {
        assertThat(dumps).as("one by the raw command, one kept").hasSizeGreaterThanOrEqualTo(2);
      }
      traffic.awaitAnswers();
      traffic.endWithoutLoss("heap dumps under load");
    }
  }

  @Test
  void aVersionThatIsGoneIsNotHeld() throws Exception {
    try (Traffic traffic = Traffic.start()) {
      publish(traffic.osprey(), Builds.codec("1.0.7"));
      Programs.Result told = traffic.osprey().command("ctl", "why-pinned");
      assertThat(told.orFail().out())
          .containsAnyOf(
              "no old version is left",
              "nothing holds it",
              "no object holds it",
              "leases are open on it");
      assertThat(traffic.osprey().command("ctl", "why-pinned", "--verbose").out())
          .contains("why-pinned knows --keep only, found [--verbose]");
    }
  }

  @Test
  void anOpenTunnelHoldsNoOldVersion() throws Exception {
    try (Traffic traffic = Traffic.start()) {
      Osprey osprey = traffic.osprey();
      TunnelClient tunnel =
          TunnelClient.start(
              traffic.calling(), Ports.loopback(traffic.httpPort()), 200, Duration.ofMillis(5));
      await("the tunnel is open")
          .until(() -> osprey.ctl().run("connections").orFail().contains("tunnel"));

      publish(osprey, Builds.codec("1.0.7"));
      publish(osprey, Builds.router("1.0.7"));
      await("nothing is open on old versions").until(() -> isEverythingDrained(osprey));
      String told = osprey.command("ctl", "why-pinned").orFail().out();

      assertThat(told).doesNotContain("yet its class loader is held");
      assertThat(osprey.ctl().run("connections").orFail()).contains("tunnel");
      Outcome outcome = tunnel.stop().get(30, TimeUnit.SECONDS);
      assertThat(outcome.isRight()).as("%s", outcome.problems()).isTrue();
      traffic.awaitAnswers();
      traffic.endWithoutLoss("a tunnel over two swaps");
    }
  }

  private static boolean isEverythingDrained(Osprey osprey) {
    return !osprey.ctl().run("extensions").orFail().contains("draining");
  }

  private static void publish(Osprey osprey, Path jar) {
    long before = osprey.reports().newest();
    osprey.drop(jar);
    osprey.reports().awaitAfter(before, jar + " is in use", Report::isPublished);
  }
}
