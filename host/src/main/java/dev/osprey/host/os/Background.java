package dev.osprey.host.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandleProxies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that must not keep traffic waiting: asks the operating system to run it after the event
 * loops when both want a processor. Where that can't be asked nothing changes.
 */
public final class Background {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);
  // A third of the share of the process' other threads when both want the same processor.
  private static final int BEHIND = 5;
  private static final int NICEST = 19;
  private static final int PRIO_PROCESS = 0;
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final Path TASKS = Path.of("/proc/self/task");
  // Field 19 of proc(5)'s stat, counted from the first behind the name.
  private static final int NICE_FIELD = 16;

  private Background() {}

  /**
   * Puts the calling thread and the JVM's compilers behind all others, for good: code that is new
   * gets rehearsed and compiled while traffic goes on. Any thread; costs some milliseconds the
   * first time.
   */
  public static void enter() {
    if (!Files.isDirectory(TASKS)) {
      return;
    }
    try (Stream<Path> tasks = Files.list(TASKS)) {
      int nice = Math.min(NICEST, niceOfTheProcess() + BEHIND);
      setPriority()
          .ifPresent(setPriority -> {
            lower(setPriority, 0, nice);
            tasks
                .filter(Background::compiles)
                .forEach(task -> lower(setPriority, number(task), nice));
          });
    } catch (IOException unreadable) {
      LOG.debug("no list of threads: {}", unreadable.getMessage());
    }
  }

  // That of its first thread, which stays as the process was started.
  private static int niceOfTheProcess() throws IOException {
    String stat = Files.readString(PROCESS);
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD]);
  }

  private static boolean compiles(Path task) {
    try {
      String name = Files.readString(task.resolve("comm"));
      return name.startsWith("C1 CompilerThre") || name.startsWith("C2 CompilerThre");
    } catch (IOException ended) {
      return false;
    }
  }

  private static int number(Path task) {
    return Integer.parseInt(task.getFileName().toString());
  }

  @SuppressWarnings("restricted") // a call into the C library; the start script allows it
  private static Optional<SetPriority> setPriority() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor threeInts = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    return linker
        .defaultLookup()
        .find("setpriority")
        .map(found ->
            MethodHandleProxies.asInterfaceInstance(
                SetPriority.class, linker.downcallHandle(found, threeInts)));
  }

  private static void lower(SetPriority setPriority, int thread, int nice) {
    if (setPriority.call(PRIO_PROCESS, thread, nice) != 0) {
      LOG.debug("thread {} keeps its priority", thread);
    }
  }

  /** The C library's function of that name, as setpriority(2) has it. */
  @FunctionalInterface
  public interface SetPriority {
    /** 0, or -1 when it is not allowed. */
    int call(int which, int who, int nice);
  }
}
