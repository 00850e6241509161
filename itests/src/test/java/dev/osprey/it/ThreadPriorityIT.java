package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Which threads of a process that has swapped stand behind the others: those that rehearse, compile
 * and collect, and none that serves or that starts others.
 */
@EnabledOnOs(OS.LINUX)
class ThreadPriorityIT {
  // The kernel cuts a name after 15 bytes.
  private static final List<String> BEHIND =
      List.of("C1 CompilerThre", "C2 CompilerThre", "Shenandoah", "osprey-rehearsa");
  // Field 19 of proc(5)'s stat, counted behind the name.
  private static final int NICE_FIELD = 16;

  private record Task(String name, int nice) {}

  @Test
  void onlyWhatPreparesASwapStandsBehindTraffic() throws Exception {
    try (Traffic traffic = Traffic.start()) {
      Osprey osprey = traffic.osprey();
      for (String version : List.of("1.0.1", "1.0.0")) {
        long before = osprey.reports().newest();
        osprey.drop(Builds.codec(version));
        osprey.reports().awaitPublished(before, Builds.CODEC, version);
      }
      List<Task> tasks = tasks(osprey.pid());
      int usual = niceOf(Path.of("/proc", Long.toString(osprey.pid())));

      assertThat(tasks)
          .filteredOn(task -> task.nice() != usual)
          .isNotEmpty()
          .allSatisfy(task -> assertThat(BEHIND).anyMatch(task.name()::startsWith));
      assertThat(tasks)
          .filteredOn(task -> task.name().startsWith("osprey-rehearsa"))
          .extracting(Task::nice)
          .containsOnly(Math.min(19, usual + 10));
      var _ = traffic.endWithoutLoss("codec-http1, 2 swaps");
    }
  }

  private static List<Task> tasks(long pid) throws IOException {
    List<Task> tasks = new ArrayList<>();
    try (Stream<Path> folders = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : folders.toList()) {
        try {
          tasks.add(new Task(Files.readString(task.resolve("comm")).strip(), niceOf(task)));
        } catch (NoSuchFileException ended) {
          assertThat(ended).hasMessageContaining("/proc/");
        }
      }
    }
    return tasks;
  }

  private static int niceOf(Path task) throws IOException {
    String stat = Files.readString(task.resolve("stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD]);
  }
}
