package dev.osprey.host.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class BackgroundTest {
  @Test
  void putsTheCallingThreadBehindTheOthers_andNoOther() throws Exception {
    int mine = nice("thread-self");
    FutureTask<int[]> seen =
        new FutureTask<>(() -> {
          int before = nice("thread-self");
          Background.enter();
          return new int[] {before, nice("thread-self")};
        });
    Thread.ofPlatform().start(seen);

    assertThat(seen.get()).containsExactly(mine, Math.min(19, nice("self") + 10));
    assertThat(nice("thread-self")).isEqualTo(mine);
  }

  @Test
  void loopsTakeTurnsInShortSlices_andKeepTheirPriority() throws Exception {
    CompletableFuture<Path> started = new CompletableFuture<>();
    CountDownLatch over = new CountDownLatch(1);
    Thread loop =
        Thread.ofPlatform()
            .name("osprey-loop-77")
            .daemon()
            .start(() -> {
              started.complete(task("thread-self"));
              awaitQuietly(over);
            });
    String task = started.join().toString();
    int before = nice(task);
    String usual = slice(task);

    FutureTask<Object> behind = new FutureTask<>(Executors.callable(Background::enter));
    Thread.ofPlatform().start(behind);
    behind.get();

    assertThat(nice(task)).isEqualTo(before);
    assertThat(slice(task)).isEqualTo(kernelHasSlices() ? "100000" : usual);
    over.countDown();
    loop.join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Path task(String link) {
    try {
      return Path.of("/proc").relativize(Path.of("/proc", link).toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Linux 6.12 or newer, where it tells of them. */
  private static boolean kernelHasSlices() {
    if (!Files.exists(Path.of("/proc/self/sched"))) {
      return false;
    }
    String[] version = System.getProperty("os.version").split("[.-]", 3);
    return Integer.parseInt(version[0]) * 1000 + Integer.parseInt(version[1]) >= 6012;
  }

  /** In nanoseconds. */
  private static String slice(String task) throws IOException {
    Path file = Path.of("/proc", task, "sched");
    if (!Files.exists(file)) {
      return "untold";
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("se.slice"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("untold");
  }

  /** Field 19 of proc(5)'s stat, counted behind the name. */
  private static int nice(String task) {
    try {
      String stat = Files.readString(Path.of("/proc", task, "stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
