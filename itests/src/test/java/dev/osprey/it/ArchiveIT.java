package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Scratch;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive itself: what is in it, how it starts, judges a configuration, and ends. */
class ArchiveIT {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void unpacksToOneFolderWithItsParts() throws IOException {
    Path home = Archive.shared().home();

    assertThat(home.getFileName()).hasToString("osprey-0.1.0");
    try (Stream<Path> parts = Files.list(home)) {
      assertThat(parts.map(it -> it.getFileName().toString()))
          .contains("bin", "conf", "deploy", "system", "docs", "LICENSE", "NOTICE");
    }
    try (Stream<Path> jars = Files.list(home.resolve("system/extensions"))) {
      assertThat(jars.map(it -> it.getFileName().toString()))
          .allMatch(name -> name.matches("osprey-[a-z0-9-]+-\\d+\\.\\d+\\.\\d+\\.jar"));
    }
  }

  @Test
  void startsAndServes() {
    int port = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      long start = System.nanoTime();
      try (Osprey osprey =
          Osprey.startIn(
              Scratch.folder("start"),
              Archive.shared(),
              Config.http(port, upstream.port()),
              List.of())) {
        await("the first proxied byte")
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .until(() -> RawHttp.status(answerOf(port)) == 200);
        System.out.printf(
            "first proxied byte after %d ms%n", (System.nanoTime() - start) / 1_000_000);
        assertThat(osprey.isAlive()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"osprey.yaml", "health-checks.yaml"})
  void itsOwnConfigurationsAreRight(String name) {
    Programs.Result result =
        check(Archive.shared(), Archive.shared().home().resolve("conf").resolve(name));

    assertThat(result.exit()).as(result.out()).isZero();
  }

  @Test
  void checkTellsAllMistakesAtOnceWithTheirPlaces() throws IOException {
    String good = Config.http(10_001, 9000).withTcp("tcp", 10_002, "app").toString();
    String bad =
        good.replace("lb_policy: ROUND_ROBIN", "lb_policy: ROUND_ROBINN")
            .replace("stat_prefix: http", "stat_prefx: http")
            .replace("route: { cluster: app", "route: { cluster: apq")
            .replace("port_value: 10002", "port_value: 99999");
    Path file = Files.writeString(Scratch.folder("check").resolve("bad.yaml"), bad);

    Programs.Result result = check(Archive.shared(), file);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("ROUND_ROBIN", "stat_prefx", "did you mean \"stat_prefix\"", "\"apq\"", "\"app\"")
        .contains("99999");
    assertThat(result.out().lines().filter(it -> it.matches(".*bad\\.yaml:\\d+:\\d+.*")))
        .hasSize(4);
  }

  @Test
  void checkRefusesWhatIsNoYamlAndAFileThatIsNotThere() throws IOException {
    Path folder = Scratch.folder("check");
    Path file = Files.writeString(folder.resolve("broken.yaml"), "static_resources: [\n");

    Programs.Result broken = check(Archive.shared(), file);
    Programs.Result missing = check(Archive.shared(), folder.resolve("missing.yaml"));

    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.out()).containsPattern("broken\\.yaml:\\d+:\\d+");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.out()).contains("missing.yaml");
  }

  @Test
  void withoutTheCodecCheckSaysThatNoBundleOffersIt() throws IOException {
    Archive spoilt = Archive.unpack();
    Files.delete(spoilt.extension("osprey-codec-http1"));

    Programs.Result result = check(spoilt, spoilt.home().resolve("conf/osprey.yaml"));

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("no bundle offers the codec");
  }

  @Test
  void withABadConfigurationRunEndsAndSaysWhy() {
    try (Osprey osprey =
        Osprey.startIn(
            Scratch.folder("bad"),
            Archive.shared(),
            Config.empty().withHttp("http", Ports.free(), "nowhere"),
            List.of())) {
      assertThat(osprey.awaitEnd()).isEqualTo(1);
      assertThat(osprey.output()).contains("nowhere");
    }
  }

  @Test
  void theSwapDemonstrationLosesNothing_withinAMinute() {
    Programs.Result demo =
        Programs.run(
            Scratch.folder("demo"),
            Duration.ofSeconds(60),
            List.of(Archive.shared().command().toString(), "demo", "swap"));

    assertThat(demo.orFail().out()).contains("Nothing was lost.");
    assertThat(demo.out().lines().filter(line -> line.matches(" *\\d+  .*1\\.0\\.[01].*")))
        .as("a report for each swap")
        .hasSize(10);
  }

  @Test
  void onSigtermItDrainsAndEndsWithZero() throws InterruptedException {
    int port = Ports.free();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch drains = new CountDownLatch(1);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey =
            Osprey.start(
                Archive.shared(),
                Config.http(port, upstream.port()),
                List.of(),
                Osprey.WATCHING_BUFFERS);
        RawHttp client = RawHttp.connect(port)) {
      ask(port);
      osprey.assertNoLeaks(() -> ask(port));
      upstream.answering(message -> {
        asked.countDown();
        awaitQuietly(drains);
        return Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
      });
      client.send(GET);
      asked.await();
      osprey.terminate();
      await("it drains").until(() -> osprey.output().contains("draining"));
      assertThat(osprey.isAlive()).isTrue();
      drains.countDown();

      assertThat(client.readMessage()).endsWith("late");
      assertThat(osprey.awaitEnd()).isZero();
      assertThat(osprey.output()).doesNotContain("Exception");
    }
  }

  @Test
  void onSighupItReloads_andAnAccessLogThatWasMovedAwayBeginsAnew() throws IOException {
    int port = Ports.free();
    Path folder = Scratch.folder("rotated");
    Path log = folder.resolve("access.log");
    String extra =
        """
        access_log:
          - name: file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: %s
        """
            .formatted(log);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey =
            Osprey.start(
                Config.empty()
                    .withHttp("http", port, "app", Config.Codec.HTTP1, extra)
                    .withCluster("app", upstream.port()))) {
      upstream.answering(Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
      ask(port);
      await("the line is written").until(() -> Files.exists(log) && Files.size(log) > 0);
      Files.move(log, folder.resolve("access.log.1"));
      osprey.hangUp();
      await("it reloads").until(() -> osprey.output().contains("reload: nothing has changed"));
      ask(port);
      await("the new file has its line").until(() -> Files.exists(log) && Files.size(log) > 0);

      osprey.command("ctl", "reload").orFail();
      assertThat(osprey.isAlive()).isTrue();
      assertThat(osprey.stop()).isZero();
    }
  }

  private static void ask(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      assertThat(client.send(GET).readMessage()).endsWith("ok");
    }
  }

  @Test
  void aSecondInstanceOnTheSamePortIsRefused_andTakesNoConnection() {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      int port = Ports.free();
      Config config = Config.http(port, upstream.port());
      try (Osprey first = Osprey.start(config);
          Osprey second =
              Osprey.startIn(Scratch.folder("second"), Archive.shared(), config, List.of())) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
            .contains("listener http: can't listen on 127.0.0.1:" + port, "in use")
            .doesNotContain("serves", "Exception");
        assertThat(RawHttp.status(answerOf(port))).isEqualTo(200);
        assertThat(first.isAlive()).isTrue();
      }
    }
  }

  @Test
  void theControlSocketIsForItsOwnerOnly() throws IOException {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey = Osprey.start(Config.http(Ports.free(), upstream.port()))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(osprey.data())))
          .endsWith("------");
      assertThat(osprey.command("ctl", "extensions").orFail().out()).contains("http1", "router");
      assertThat(osprey.command("ctl", "listeners", "--json").orFail().out())
          .contains("\"name\": \"http\"");
      assertThat(osprey.command("ctl", "nonsense").exit()).isPositive();
      assertThat(osprey.command("run").exit()).as("a second one on the same folder").isEqualTo(1);
    }
  }

  private static Programs.Result check(Archive archive, Path file) {
    return Programs.run(
        Scratch.folder("check"), archive.command().toString(), "check", "-c", file.toString());
  }

  private static String answerOf(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      return client.send(GET).readMessage();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
