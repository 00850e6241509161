package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfTest {
  private static final Path DEMO = Path.of("src/demo").toAbsolutePath();

  @TempDir Path data;

  @Test
  void rendersTheDemoIntoTheDataFolder() throws Exception {
    DemoConfig demo = DemoConfig.write(DEMO.resolve("demo.yaml"), data, 4_711, 12_345);

    assertThat(demo.file()).isEqualTo(data.resolve("demo.yaml"));
    assertThat(Files.readString(demo.file()))
        .contains("port_value: 12345", "port_value: 4711")
        .doesNotContain("${upstream_port}", "${listener_port}");
    assertThat(demo.hasUsualPort()).isFalse();
  }

  @Test
  void rendersTheSwapDemo() {
    Map<String, ?> places =
        Map.of("upstream_port", 1, "listener_port", 2, "access_log", "/tmp/a.log");

    assertThat(Template.read(DEMO.resolve("demo-swap.yaml")).fill(places))
        .contains("version_header: true", "path: \"/tmp/a.log\"");
  }
}
