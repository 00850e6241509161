package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The pages for authors of bundles and of distributions: what they show is what the example has,
 * which the build has just compiled and tested, and their commands do what they say.
 */
class OwnBundleIT {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("osprey.basedir"))).normalize();
  private static final Path EXAMPLE = ROOT.resolve("docs/examples/stream-api-key");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final Path folder = Scratch.folder("own");
  private final int port = Ports.free();

  @BeforeEach
  void bundleIsBuilt() throws IOException {
    Path built = EXAMPLE.resolve("target/stream-api-key-1.0.0.jar");
    assertThat(built)
        .as("build it: mvn -pl docs/examples/stream-api-key -am package")
        .isRegularFile();
    Path target = Files.createDirectories(folder.resolve("stream-api-key/target"));
    Files.copy(built, target.resolve(built.getFileName()));
    Files.copy(JarForge.version(built, "1.0.1"), target.resolve("stream-api-key-1.0.1.jar"));
  }

  @Test
  void thePageShowsWhatTheExampleHas() throws IOException {
    StringBuilder example = new StringBuilder();
    try (Stream<Path> files = Files.walk(EXAMPLE)) {
      for (Path file : files.filter(OwnBundleIT::isSource).toList()) {
        example.append(Files.readString(file)).append('\n');
      }
    }
    for (String language : List.of("java", "xml", "properties")) {
      assertThat(blocks("writing-a-bundle.md", language))
          .isNotEmpty()
          .allSatisfy(shown -> assertThat(example.toString()).contains(shown));
    }
  }

  @Test
  void theExampleIsBuiltAgainstTheContractsOfThisBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    String example = Files.readString(EXAMPLE.resolve("pom.xml"));

    assertThat(example)
        .contains("<osprey.spi.version>" + pinned("osprey.spi", pom) + "</osprey.spi.version>");
    for (String plugin : List.of("bnd", "compiler.plugin", "jar.plugin", "surefire")) {
      assertThat(example).as(plugin).contains("<version>" + pinned(plugin, pom) + "</version>");
    }
  }

  @Test
  void theFilterComesIntoUseAndIsSwappedAsThePageSays() throws Exception {
    Path home = Archive.unpack().home();
    Path config = home.resolve("docs/examples/stream-api-key/api-key.yaml");
    Files.writeString(config, onOurPort(Files.readString(config)));
    List<String> console = blocks("writing-a-bundle.md", "console");
    assertThat(console).hasSize(4);

    Programs.Result without = bash(home, console.get(0));
    assertThat(without.exit()).isEqualTo(1);
    assertThat(without.out())
        .containsPattern("api-key\\.yaml:\\d+:\\d+ ")
        .contains("no bundle offers the stream-filter extension", "org.example.apikey.Config");

    String[] with = console.get(1).split("(?m)^(?=bin/osprey run)", 2);
    assertThat(bash(home, with[0]).orFail().out()).startsWith("OK: ");
    Path log = folder.resolve("log.txt");
    Process running =
        Programs.start(home, log, List.of("bash", "-c", "exec " + with[1]), Map.of("HOME", here()));
    try {
      await("it serves")
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(log).contains("serves"));
      assertThat(bash(home, onOurPort(console.get(2))).orFail().out())
          .contains("HTTP/1.1 401 ", "no key, or an unknown one")
          .contains("HTTP/1.1 200 ", "welcome", "x-api-key-filter: 1.0.0")
          .containsPattern("api_key\\.refused +1");

      String[] swap = console.get(3).split("(?m)^(?=bin/osprey ctl)", 2);
      bash(home, swap[0]).orFail();
      await("the new version is in use")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(bash(home, onOurPort(swap[1])).orFail().out())
                  .contains("1.0.0 (bundle", "-> 1.0.1 (bundle", "x-api-key-filter: 1.0.1"));
      running.destroy();
      assertThat(running.waitFor()).isZero();
      assertThat(Files.readString(log))
          .contains("org.example.stream.apikey 1.0.0 -> 1.0.1")
          .doesNotContain("Exception");
    } finally {
      running.destroyForcibly();
    }
  }

  @Test
  void aDistributionOfOnesOwnIsPackedAsThePageSays_andServes() throws Exception {
    Programs.run(folder, "cp", System.getProperty("osprey.archive"), ".").orFail();
    bash(folder, "set -e\n" + String.join("", blocks("own-distribution.md", "console"))).orFail();

    Path elsewhere = Scratch.folder("own-unpacked");
    Programs.run(elsewhere, "tar", "-xzf", folder.resolve("acme-proxy.tar.gz").toString()).orFail();
    Path home = elsewhere.resolve("acme-proxy");
    try (Stream<Path> jars = Files.list(home.resolve("system/extensions"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString()))
          .contains("stream-api-key-1.0.0.jar", "osprey-codec-http1-1.0.0.jar")
          .noneMatch(name -> name.startsWith("osprey-codec-http2"));
    }
    Path config = home.resolve("conf/acme.yaml");
    Files.writeString(config, onOurPort(Files.readString(config)));
    Path log = folder.resolve("acme.txt");
    Process running =
        Programs.start(home, log, List.of("bin/osprey", "run", "-c", config.toString()));
    try {
      await("it serves")
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(log).contains("serves"));
      String url = "http://127.0.0.1:" + port + "/";
      assertThat(Programs.run(folder, "curl", "-si", "-H", "x-api-key: friend", url).orFail().out())
          .contains("HTTP/1.1 200 ", "x-api-key-filter: 1.0.0");
    } finally {
      running.destroyForcibly();
    }
  }

  private static boolean isSource(Path file) {
    return !file.startsWith(EXAMPLE.resolve("target"))
        && file.toString().matches(".*\\.(java|xml|bnd|yaml)");
  }

  private Programs.Result bash(Path where, String script) {
    return Programs.run(
        where,
        BOUND,
        List.of("env", "HOME=" + here(), "bash", "-c", script.replace("curl -i", "curl -si")));
  }

  private String here() {
    return folder.toString();
  }

  private String onOurPort(String text) {
    return text.replace("port_value: 8080", "port_value: " + port)
        .replace("127.0.0.1:8080", "127.0.0.1:" + port);
  }

  private static String pinned(String what, String pom) {
    Matcher version = Pattern.compile("<" + what + "\\.version>([^<]+)<").matcher(pom);
    assertThat(version.find()).as(what).isTrue();
    return version.group(1);
  }

  private static List<String> blocks(String page, String language) throws IOException {
    return BLOCK
        .matcher(Files.readString(ROOT.resolve("docs").resolve(page)))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }
}
