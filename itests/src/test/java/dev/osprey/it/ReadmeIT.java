package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's own code blocks, run as they stand but for the time they take. */
class ReadmeIT {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("osprey.basedir"))).normalize();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
  private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

  @Test
  void theTwoCommandsAreThereAndAreScripts() throws IOException {
    List<String> commands = blocks("sh");

    assertThat(commands).containsExactly("build/demo\n", "build/test\n");
    for (String command : commands) {
      Path script = ROOT.resolve(command.strip());
      assertThat(script).isExecutable();
      Programs.run(Scratch.folder("readme"), "bash", "-n", script.toString()).orFail();
    }
  }

  /**
   * All but the build itself, which has just been made: in its place stands one that notes. What an
   * earlier version left behind is not taken, and who runs what is unpacked keeps it.
   */
  @Test
  void theFirstCommandUnpacksWhatItBuiltAndServes() throws Exception {
    Path checkout = Scratch.folder("readme-demo");
    Path tools = Files.createDirectories(checkout.resolve("tools"));
    Path target = Files.createDirectories(checkout.resolve("distribution/target"));
    Programs.run(checkout, "cp", "-r", ROOT.resolve("build").toString(), ".").orFail();
    Programs.run(checkout, "cp", ROOT.resolve("pom.xml").toString(), ".").orFail();
    Programs.run(target, "cp", System.getProperty("osprey.archive"), ".").orFail();
    Files.writeString(target.resolve("osprey-0.0.9.tar.gz"), "of an earlier version");
    Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\necho maven: \"$@\"\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    Path out = checkout.resolve("demo.txt");
    String path = tools + ":" + System.getenv("PATH");
    Process running =
        Programs.start(
            checkout, out, List.of(blocks("sh").getFirst().strip()), Map.of("PATH", path));
    try {
      await("the demo serves")
          .atMost(Duration.ofSeconds(30))
          .until(() -> PORT.matcher(Files.readString(out)).find());
      Matcher port = PORT.matcher(Files.readString(out));
      assertThat(port.find()).isTrue();
      try (RawHttp client = RawHttp.connect(Integer.parseInt(port.group(1)))) {
        String answer = client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
        assertThat(answer).startsWith("HTTP/1.1 200 ");
      }
      assertThat(Files.readString(out)).containsPattern("maven: .*-pl distribution -am package");
      Programs.Result second = Programs.run(checkout, blocks("sh").getFirst().strip());
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.out()).contains("process " + running.pid() + " runs what is in ");
      assertThat(target.resolve("demo")).isNotEmptyDirectory();
      running.destroy();
      assertThat(running.waitFor()).isZero();
    } finally {
      running.destroyForcibly();
    }
  }

  @Test
  void theSecondCommandIsWhatContinuousIntegrationRuns() throws IOException {
    assertThat(Files.readString(ROOT.resolve(".ci/run")))
        .as("a failing test ends it, and nothing else does")
        .contains("\nset -euo pipefail\n", "\n" + blocks("sh").getLast());
  }

  @Test
  void theTourOfFiveMinutesEndsInASwapWithoutALoss() throws Exception {
    Path checkout = Scratch.folder("readme");
    Path demo = Files.createDirectories(checkout.resolve("distribution/target/demo"));
    Programs.run(demo, "tar", "-xzf", System.getProperty("osprey.archive")).orFail();
    Path out = checkout.resolve("demo.txt");
    Process running =
        Programs.start(demo, out, List.of("sh", "-c", "exec ./osprey-*/bin/osprey run"));
    try {
      await("the demo serves")
          .atMost(Duration.ofSeconds(30))
          .until(() -> PORT.matcher(Files.readString(out)).find());
      Matcher port = PORT.matcher(Files.readString(out));
      assertThat(port.find()).isTrue();

      String script = script(String.join("\n", blocks("console")), port.group(1));
      Programs.Result tour =
          Programs.run(checkout, Duration.ofMinutes(2), List.of("bash", "-ec", script)).orFail();

      assertThat(tour.out())
          .contains("x-osprey-codec: http1/1.0.0", "x-osprey-codec: http1/1.0.1")
          .contains("dev.osprey.codec.http1")
          .contains("Nothing was lost.");
      running.destroy();
      assertThat(running.waitFor()).isZero();
    } finally {
      running.destroyForcibly();
    }
  }

  /** The tour: shorter and in the background where it lasts, with a wait where people wait. */
  private static String script(String tour, String port) {
    String wait =
        "\nfor i in $(seq 200); do curl -si http://127.0.0.1:"
            + port
            + "/hello | grep -q 'x-osprey-codec: http1/1.0.1' && break;"
            + " read -rt 0.1 <> <(:) || true; done\n";
    return tour.replace(":10000/", ":" + port + "/")
        .replaceAll("(?m)^(curl -N .*)seconds=60'$", "$1seconds=4' &")
        .replaceAll("(?m)^(cp .*)$", "$1" + Matcher.quoteReplacement(wait));
  }

  private static List<String> blocks(String language) throws IOException {
    return BLOCK
        .matcher(Files.readString(ROOT.resolve("README.md")))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map((MatchResult block) -> block.group(2))
        .toList();
  }
}
