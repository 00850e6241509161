package dev.osprey.host.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class BackgroundTest {
  @Test
  void putsTheCallingThreadBehindTheOthers_andNoOther() {
    int mine = nice("thread-self");
    CompletableFuture<int[]> seen = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          int before = nice("thread-self");
          Background.enter();
          seen.complete(new int[] {before, nice("thread-self")});
        });

    assertThat(seen.join()).containsExactly(mine, Math.min(19, nice("self") + 5));
    assertThat(nice("thread-self")).isEqualTo(mine);
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
