package dev.osprey.host.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that must not keep traffic waiting: asks the operating system to run it after the event
 * loops when both want a processor. Where that can't be asked nothing changes.
 */
public final class Background {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);
  // A tenth of the share of the process' other threads when both want the same processor.
  private static final int BEHIND = 10;
  private static final int NICEST = 19;
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final Path TASKS = Path.of("/proc/self/task");
  // Field 19 of proc(5)'s stat, counted from the first behind the name.
  private static final int NICE_FIELD = 16;

  private static final String[] BEHIND_TOO = {"C1 CompilerThre", "C2 CompilerThre", "Shenandoah"};
  // The control thread does work of a swap, too, and what it starts must not wait longer than
  // these.
  private static final String[] SERVING = {"osprey-loop-", "ForkJoinPool-", "osprey-control"};

  private Background() {}

  /**
   * Puts the calling thread, the JVM's compilers and a concurrent collector behind all others, for
   * good: code that is new gets rehearsed and compiled, and what that allocates collected, while
   * traffic goes on. They and the event loops take turns in slices so short that who wakes up
   * hardly waits for who runs. Any thread that starts none for traffic: those would fall behind
   * with it. Costs some milliseconds the first time.
   */
  public static void enter() {
    if (!Files.isDirectory(TASKS)) {
      return;
    }
    try (Stream<Path> tasks = Files.list(TASKS)) {
      int behind = Math.min(NICEST, nice(PROCESS) + BEHIND);
      Schedule.find()
          .ifPresent(schedule -> {
            set(schedule, 0, behind);
            tasks.forEach(task -> set(schedule, task, behind));
          });
    } catch (IOException unreadable) {
      LOG.debug("no list of threads: {}", unreadable.getMessage());
    }
  }

  private static void set(Schedule schedule, Path task, int behind) {
    try {
      String name = Files.readString(task.resolve("comm"));
      int number = Integer.parseInt(task.getFileName().toString());
      if (startsWithOneOf(name, BEHIND_TOO)) {
        set(schedule, number, behind);
      } else if (startsWithOneOf(name, SERVING)) {
        set(schedule, number, nice(task.resolve("stat")));
      }
    } catch (IOException ended) {
      LOG.debug("a thread has ended: {}", ended.getMessage());
    }
  }

  private static void set(Schedule schedule, int thread, int nice) {
    if (!schedule.inShortSlices(thread, nice)) {
      LOG.debug("thread {} keeps its priority", thread);
    }
  }

  private static boolean startsWithOneOf(String name, String... beginnings) {
    return List.of(beginnings).stream().anyMatch(name::startsWith);
  }

  // The process' own is that of its first thread, which stays as the process was started.
  private static int nice(Path statFile) throws IOException {
    String stat = Files.readString(statFile);
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD]);
  }
}
