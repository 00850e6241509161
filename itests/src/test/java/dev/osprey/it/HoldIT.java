package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.bundle.StartsOnce;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Ctl;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
      shell(osprey, command + " " + bundle(osprey));
      Report held =
          osprey.reports().awaitAfter(before, "it says that a stand-in serves", HoldIT::isHeld);
      assertThat(held.json().get("result").getAsString()).isEqualTo("held");
      traffic.awaitAnswers();
      TimeUnit.SECONDS.sleep(2);
      traffic.awaitAnswers();
      assertThat(traffic.servingVersion()).isEqualTo("1.0.0");

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
      shell(osprey, "stop " + bundle(osprey));
      osprey.drop(Builds.codec("1.0.5"));
      long after = osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.5").number();
      TimeUnit.SECONDS.sleep(9);
      traffic.awaitAnswers();

      assertThat(traffic.servingVersion()).isEqualTo("1.0.5");
      assertThat(osprey.reports().after(after)).as("nothing changes at the bound").isEmpty();
      traffic.endWithoutLoss("stop, a replacement within the bound");
    }
  }

  @Test
  void saysSo_whenNoStandInCanTakeOver() {
    Path once = Builds.forgeCodec().withVersion("1.9.9").startingBy(StartsOnce.class).write();
    try (Traffic traffic = Traffic.start(Archive.shared(), List.of(once), SHORT_HOLD)) {
      Osprey osprey = traffic.osprey();
      long before = osprey.reports().newest();
      shell(osprey, "stop " + bundle(osprey));

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

  private static long bundle(Osprey osprey) {
    for (JsonElement element : osprey.ctl().json("extensions").getAsJsonArray()) {
      JsonObject it = element.getAsJsonObject();
      if (it.get("name").getAsString().equals("http1")
          && !it.get("state").getAsString().equals("draining")) {
        return it.get("bundle").getAsLong();
      }
    }
    throw new AssertionError("no codec");
  }
}
