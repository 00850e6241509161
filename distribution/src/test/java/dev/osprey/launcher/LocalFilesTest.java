package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LocalFilesTest {
  private final String file = "src/bin/osprey";
  private final Path whole = Path.of(file).toAbsolutePath();

  @Test
  void makesPathsWhole_forDeploy() {
    assertThat(LocalFiles.resolve("deploy", List.of(file, "none.jar")))
        .containsExactly(whole.toString(), "none.jar");
  }

  @Test
  void makesUrls_forTheFramework() {
    assertThat(LocalFiles.resolve("update", List.of("17", file)))
        .containsExactly("17", whole.toUri().toString());
  }

  @Test
  void leavesOtherCommandsAlone() {
    assertThat(LocalFiles.resolve("swap", List.of(file))).containsExactly(file);
  }
}
