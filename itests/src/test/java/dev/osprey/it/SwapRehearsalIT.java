package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Traffic;
import org.junit.jupiter.api.Test;

/** One swap with a rehearsal beside one without, under load: what the two reports say. */
class SwapRehearsalIT {
  @Test
  void theReportsShowWhatARehearsalIsFor() {
    try (Traffic traffic = Traffic.start()) {
      Report rehearsed = swap(traffic, "swap http1");
      Report cold = swap(traffic, "swap http1 --no-rehearsal");
      traffic.endWithoutLoss("a swap with and one without rehearsal");

      assertThat(rehearsed.rehearsal()).isEqualTo("done");
      assertThat(rehearsed.rehearsedMessages()).isGreaterThan(1_000);
      assertThat(costs(rehearsed, "first")).isGreaterThan(costs(rehearsed, "last"));
      assertThat(cold.rehearsal()).isNotEqualTo("done");
      assertThat(cold.rehearsedMessages()).isZero();
      assertThat(rehearsed.connectionsMoved()).isPositive();
      assertThat(cold.connectionsMoved()).isPositive();
      System.out.printf("rehearsed:     %s%nnot rehearsed: %s%n", rehearsed, cold);
    }
  }

  private static Report swap(Traffic traffic, String line) {
    Osprey osprey = traffic.osprey();
    long before = osprey.reports().newest();
    assertThat(osprey.ctl().shell(line).exit()).isZero();
    Report report = osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.0");
    traffic.awaitAnswers();
    return report;
  }

  /** Nanoseconds a message, of the plan that was dearest. */
  private static double costs(Report report, String when) {
    double most = 0;
    for (JsonElement element : report.json().getAsJsonArray("rehearsals")) {
      JsonObject it = element.getAsJsonObject();
      String key =
          it.keySet().stream().filter(name -> name.startsWith(when)).findFirst().orElseThrow();
      most = Math.max(most, it.get(key).getAsDouble());
    }
    return most;
  }
}
