package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.bundle.StartsOnce;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Ctl;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Code in use is stopped by hand and nobody brings other code, with a hold bound of one second: a
 * stand-in serves, before the bound and after it, and reports say so. Under load nothing is lost.
 */
class HoldIT {
  private static final List<String> SHORT_HOLD = List.of("-Dosprey.hold=1");
  private static final String STAYS = "THE CODE IN USE STAYS";

  @ParameterizedTest
  @ValueSource(strings = {"stop", "uninstall"})
  void theStandInServesPastTheBound_andAReplacementMayComeLate(String command) throws Exception {
    try (Traffic traffic = Traffic.start(Archive.shared(), List.of(), SHORT_HOLD)) {
      Osprey osprey = traffic.osprey();
      long before = osprey.reports().newest();
      shell(osprey, command + " " + osprey.ctl().bundleOf("http1"));
      Report held =
          osprey.reports().awaitAfter(before, "it says that a stand-in serves", HoldIT::isHeld);
      assertThat(held.json().get("result").getAsString()).isEqualTo("held");
      traffic.awaitAnswers();
      await("it serves past the bound")
          .during(Duration.ofSeconds(2))
          .until(() -> traffic.servingVersion().equals("1.0.0"));

      long past = osprey.reports().newest();
      osprey.drop(Builds.codec("1.0.5"));
      osprey.reports().awaitPublished(past, Builds.CODEC, "1.0.5");
      traffic.awaitAnswers();
      assertThat(traffic.servingVersion()).isEqualTo("1.0.5");
      traffic.endWithoutLoss(command + ", a replacement past the bound");
    }
  }

  @Test
  void aReplacementWithinTheBoundTakesOverFromTheStandIn() throws Exception {
    try (Traffic traffic = Traffic.start(Archive.shared(), List.of(), List.of("-Dosprey.hold=8"))) {
      Osprey osprey = traffic.osprey();
      long before = osprey.reports().newest();
      shell(osprey, "stop " + osprey.ctl().bundleOf("http1"));
      osprey.drop(Builds.codec("1.0.5"));
      long after = osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.5").number();
      await("nothing changes at the bound")
          .during(Duration.ofSeconds(9))
          .atMost(Duration.ofSeconds(15))
          .until(() -> osprey.reports().after(after).isEmpty());
      traffic.awaitAnswers();
      assertThat(traffic.servingVersion()).isEqualTo("1.0.5");
      traffic.endWithoutLoss("stop, a replacement within the bound");
    }
  }

  @Test
  void saysSo_whenNoStandInCanTakeOver() {
    Path once = Builds.forgeCodec().withVersion("1.9.9").startingBy(StartsOnce.class).write();
    try (Traffic traffic = Traffic.start(Archive.shared(), List.of(once), SHORT_HOLD)) {
      Osprey osprey = traffic.osprey();
      long before = osprey.reports().newest();
      shell(osprey, "stop " + osprey.ctl().bundleOf("http1"));

      assertThat(osprey.reports().awaitRefused(before, "no stand-in").refusal())
          .contains("NO STAND-IN COULD TAKE OVER", "started once already");
      traffic.awaitAnswers();
      traffic.endWithoutLoss("stop, no stand-in");
    }
  }

  private static boolean isHeld(Report report) {
    return report.toString().contains(STAYS);
  }

  private static void shell(Osprey osprey, String line) {
    Ctl.Answer answer = osprey.ctl().shell(line);
    assertThat(answer.exit()).as("%s: %s%s", line, answer.out(), answer.err()).isZero();
  }
}
