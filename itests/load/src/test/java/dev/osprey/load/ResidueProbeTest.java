package dev.osprey.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ResidueProbeTest {
  private static final String HISTOGRAM =
      """
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:          2031         321232  [B (java.base@25)
         2:             2            112  org.apache.felix.framework.BundleWiringImpl$BundleClassLoader
      Total         12345         987654
      """;

  @Test
  void readsAHistogram() {
    Pattern felix = Pattern.compile("org\\.apache\\.felix\\..*");
    assertThat(ResidueProbe.instances(HISTOGRAM, felix))
        .isEqualTo(Map.of("org.apache.felix.framework.BundleWiringImpl$BundleClassLoader", 2L));
    assertThat(ResidueProbe.total(HISTOGRAM)).isEqualTo(987_654);
  }

  @Test
  void readsMetaspaceInItsUnit() {
    assertThat(
            ResidueProbe.metaspace(
                " Metaspace       used 5119K, committed 5248K, reserved 1114112K"))
        .isEqualTo(5119 * 1024);
  }

  @Test
  void measuresAnotherJvm() throws IOException {
    Process process = upstreamProcess();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).startsWith("listening ");
      ResidueProbe probe = ResidueProbe.of(process.pid(), "dev\\.osprey\\.load\\.Upstream");
      probe.probe();
      Residue first = probe.probe();
      Residue second = probe.probe();
      assertThat(first.metaspaceBytes()).isGreaterThan(1 << 20);
      assertThat(first.liveHeapBytes()).isGreaterThan(100_000);
      assertThat(first.directBytes()).isNotNegative();
      assertThat(first.lastingThreads()).isGreaterThan(5);
      assertThat(first.instances()).containsEntry("dev.osprey.load.Upstream", 1L);
      assertThat(first.bundleLoaders()).isZero();
      assertThat(second.lastingThreads()).isEqualTo(first.lastingThreads());
      assertThat(first.threads()).containsKey("VM Thread");
      assertThat(second.accountedBytes() - first.accountedBytes()).isLessThan(1 << 20);
    } finally {
      process.destroy();
    }
  }

  private static Process upstreamProcess() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            java.toString(),
            "-XX:+UseSerialGC",
            "-cp",
            classPath,
            "dev.osprey.load.Main",
            "upstream",
            "--seconds",
            "60")
        .start();
  }

  @Test
  void threadsThatTheJdkStartsAndEndsByItselfAreApart() {
    Residue before = withThreads(Map.of("osprey-loop-0", 1, "ForkJoinPool-1-", 2));
    Residue after = withThreads(Map.of("osprey-loop-0", 2, "ForkJoinPool-1-", 3));

    assertThat(before.lastingThreads()).isEqualTo(1);
    assertThat(after.lastingThreads()).isEqualTo(2);
    assertThat(after.elasticThreads()).isEqualTo(3);
    assertThat(after.moreThreadsThan(before))
        .isEqualTo(Map.of("osprey-loop-0", 1, "ForkJoinPool-1-", 1));
    assertThat(before.moreThreadsThan(after)).isEmpty();
  }

  private static Residue withThreads(Map<String, Integer> threads) {
    return new Residue(0, 0, 0, threads, 0, 0, 0, 0, Map.of());
  }
}
