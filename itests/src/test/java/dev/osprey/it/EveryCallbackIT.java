package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.osprey.it.harness.Callback;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Stimuli;
import dev.osprey.spi.Runs;
import dev.osprey.testkit.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every callback of every contract throws each kind of throwable, once, through the archive: what a
 * strand calls ends one stream or connection and is counted by name and version; what the control
 * side calls refuses the change. The neighbours' open requests end well, and nothing leaks. The
 * callbacks are those that stand in the contracts: a new one that nothing here reaches fails.
 */
class EveryCallbackIT {
  /** Called when the source is out of use already: there is nothing left to refuse or to end. */
  private static final Set<String> UNHEARD = Set.of("ConfigSource.close");

  /** The host asks the server role only, yet both roles have the method. */
  private static final Set<String> UNCALLED = Set.of("ClientCodec.closesAfterGoodbye");

  private static final Map<String, String> EXTENSIONS =
      Map.of(
          "ByteTerminal", "tcp_proxy",
          "Router", "router",
          "LoadBalancer", "round_robin",
          "HealthCheck", "http",
          "AccessLog", "stdout_access_log",
          "Stream", "header_mutation");
  private static Stimuli stimuli;
  private static Osprey osprey;

  @BeforeAll
  static void start() throws IOException {
    stimuli = new Stimuli();
    osprey = stimuli.osprey();
  }

  @AfterAll
  static void nothingLeaks() throws IOException {
    try (Stimuli ending = stimuli) {
      ending.assertNoLeaks();
      assertThat(osprey.output()).contains("threw from");
      assertThat(osprey.stop()).isZero();
    }
  }

  @AfterEach
  void disarm() throws IOException {
    stimuli.disarm();
  }

  static List<Callback> callbacks() {
    return Callback.all().stream().filter(it -> !UNCALLED.contains(it.toString())).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callbacks")
  void throwsAndHurtsNobodyElse(Callback callback) throws Exception {
    for (Fault.Kind kind : Fault.Kind.values()) {
      int again = 0;
      while (!isThrownAndHeard(callback, kind)) {
        assertThat(again++).as("times that a rehearsal took it in a strand's place").isLessThan(3);
      }
    }
  }

  private static boolean isThrownAndHeard(Callback callback, Fault.Kind kind) throws Exception {
    long failures = failures(callback);
    long before = osprey.reports().newest();
    try (Stimuli.Neighbours neighbours = stimuli.neighbours()) {
      Path arm = stimuli.arm(callback.toString(), kind);
      stimuli.provoke(callback, () -> !Files.exists(arm));
      assertThat(arm).as("no call of %s: it needs a stimulus", callback).doesNotExist();
      boolean heard =
          UNHEARD.contains(callback.toString()) || isHeard(callback, kind, failures, before);
      neighbours.endWell();
      return heard;
    }
  }

  /** False when it was thrown in a rehearsal, but is a strand's. */
  private static boolean isHeard(Callback callback, Fault.Kind kind, long failures, long before) {
    if (callback.where() != Runs.Where.STRAND) {
      Report refusal =
          osprey
              .reports()
              .awaitAfter(before, callback + " refuses", Duration.ofSeconds(10), Report::isRefused);
      assertIsCause(kind, refusal);
      return true;
    }
    await(callback + " is counted")
        .untilAsserted(() -> {
          if (refusals(before).isEmpty()) {
            assertThat(failures(callback)).as("failures counted").isEqualTo(failures + 1);
          }
        });
    refusals(before).forEach(refusal -> assertIsCause(kind, refusal));
    return refusals(before).isEmpty();
  }

  private static List<Report> refusals(long before) {
    return osprey.reports().after(before).stream().filter(Report::isRefused).toList();
  }

  private static void assertIsCause(Fault.Kind kind, Report refusal) {
    assertThat(refusal.refusal())
        .contains(kind == Fault.Kind.STACK_OVERFLOW ? "StackOverflowError" : "thrown from");
  }

  /** What {@code ctl stats} counts for the kind's extension; both codecs count for codecs. */
  private static long failures(Callback callback) {
    JsonObject counters = osprey.ctl().json("stats").getAsJsonObject().getAsJsonObject("counters");
    Stream<String> names =
        EXTENSIONS.entrySet().stream()
            .filter(it -> callback.type().startsWith(it.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .map(Stream::of)
            .orElse(Stream.of("http1", "toymux"));
    return names
        .map(it -> counters.get("extension." + it + "." + Stimuli.VERSION + ".failures"))
        .mapToLong(it -> it == null ? 0 : it.getAsLong())
        .sum();
  }
}
