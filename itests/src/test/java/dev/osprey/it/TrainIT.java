package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code bin/osprey train}: the cache is made, used, and ignored with a word when it is spoilt. */
class TrainIT {
  @Test
  void makesACacheThatRunUses_andThatMayBeSpoilt() throws Exception {
    Archive archive = Archive.unpack();
    List<String> train = List.of(archive.command().toString(), "train");
    Programs.run(archive.home(), Duration.ofMinutes(3), train).orFail();
    Path cache = archive.home().resolve("system/osprey.aot");
    assertThat(cache).isRegularFile();

    try (Osprey osprey = Osprey.start(archive, config(), List.of())) {
      assertThat(commandLine(osprey.pid())).contains("-XX:AOTCache=" + cache);
      assertThat(mapped(osprey.pid())).contains(cache.toString());
      assertThat(osprey.output()).doesNotContain("[warning]", "[error]");
      assertThat(osprey.stop()).isZero();
    }

    Files.write(cache, new byte[64], StandardOpenOption.TRUNCATE_EXISTING);
    try (Osprey osprey = Osprey.start(archive, config(), List.of())) {
      assertThat(osprey.output()).contains("AOT cache");
      assertThat(osprey.stop()).isZero();
    }
  }

  private static Config config() {
    return Config.http(Ports.free(), Ports.free());
  }

  private static String commandLine(long pid) throws Exception {
    return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
  }

  private static String mapped(long pid) throws Exception {
    return Files.readString(Path.of("/proc", Long.toString(pid), "maps"));
  }
}
