package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Ctl;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Traffic;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands of the framework's shell on a bundle in use, under load: nothing is lost. */
class ShellIT {
  /** The bundles that the load passes. */
  enum InUse {
    CODEC("http1", Builds.CODEC, "osprey-codec-http1"),
    ROUTER("router", Builds.ROUTER, "osprey-router"),
    TCP_PROXY("tcp_proxy", Builds.TCP, "osprey-network-tcp-proxy");

    private final String extension;
    private final String symbolicName;
    private final String artifact;

    InUse(String extension, String symbolicName, String artifact) {
      this.extension = extension;
      this.symbolicName = symbolicName;
      this.artifact = artifact;
    }

    private Path build(String version) {
      return JarForge.version(Archive.shared().extension(artifact), version);
    }
  }

  private Traffic traffic;
  private Osprey osprey;
  private String test = "";

  @BeforeEach
  void start(TestInfo info) {
    traffic = Traffic.start();
    osprey = traffic.osprey();
    test = info.getDisplayName();
  }

  @AfterEach
  void endWithoutLoss() {
    try (Traffic ending = traffic) {
      ending.awaitAnswers();
      ending.endWithoutLoss(test);
    }
  }

  @Test
  void listsBundlesAndKnowsTheCommandsOfThisInstance() {
    assertThat(shell("lb")).contains("Osprey codec: HTTP/1").contains("Active");
    assertThat(shell("listeners")).contains("http", "tcp");
    assertThat(shell("extensions")).contains("http1", "tcp_proxy", "router");
    assertThat(shell("clusters")).contains("app", "bytes");
    assertThat(shell("connections")).contains("downstream", "upstream");
    assertThat(shell("generations")).contains("in use");
    assertThat(shell("stats")).contains("rq_2xx");
    assertThat(shell("config dump")).contains("static_resources");
    assertThat(osprey.command("ctl", "lb").orFail().out()).contains("Osprey codec: HTTP/1");
  }

  @Test
  void stopAndStartOfABundleInUseLoseNothing() {
    long id = bundle("http1");
    long before = osprey.reports().newest();
    shell("stop " + id);
    Report stopped = awaitMoved(before, Builds.CODEC, id);
    assertThat(stateOf(id)).isEqualTo("Resolved");
    assertThat(stopped.connectionsMoved()).isPositive();
    traffic.awaitAnswers();

    var _ = osprey.command("ctl", "start", "" + id).orFail();
    Report started = awaitMoved(stopped.number(), Builds.CODEC, stopped.toBundle(Builds.CODEC));
    assertThat(stateOf(id)).isEqualTo("Active");
    assertThat(started.connectionsMoved()).isPositive();
    traffic.awaitAnswers();
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @ParameterizedTest
  @EnumSource
  void stopOfABundleInUseLosesNothing(InUse it) {
    long id = bundle(it.extension);
    long before = osprey.reports().newest();
    shell("stop " + id);

    assertMoved(it, awaitMoved(before, it.symbolicName, id));
    assertThat(stateOf(id)).isEqualTo("Resolved");
    assertThat(bundle(it.extension)).isNotEqualTo(id);
  }

  @ParameterizedTest
  @EnumSource
  void updateOfABundleInUseLosesNothing(InUse it) {
    long before = osprey.reports().newest();
    shell("update " + bundle(it.extension) + " " + it.build("1.0.5").toUri());

    Report report = osprey.reports().awaitPublished(before, it.symbolicName, "1.0.5");
    assertMoved(it, report);
    traffic.awaitAnswers();
    assertThat(shell("extensions")).containsPattern(it.extension + " .*1\\.0\\.5");
  }

  @ParameterizedTest
  @EnumSource
  void uninstallOfABundleInUseLosesNothing(InUse it) {
    long id = bundle(it.extension);
    long before = osprey.reports().newest();
    shell("uninstall " + id);

    Report report = awaitMoved(before, it.symbolicName, id);
    assertMoved(it, report);
    assertThat(stateOf(id)).isEmpty();
    assertThat(bundle(it.extension)).isNotEqualTo(id);
    traffic.awaitAnswers();
  }

  @Test
  void installAndStartOfTheNextBuildAndUninstallOfItLoseNothing() {
    long before = osprey.reports().newest();
    String installed = shell("install " + Builds.codec("1.0.5").toUri());
    String id = installed.replaceAll("(?s).*?(\\d+).*", "$1");
    assertThat(stateOf(Long.parseLong(id))).isEqualTo("Installed");
    assertThat(osprey.reports().newest()).as("nothing changes yet").isEqualTo(before);
    shell("start " + id);
    Report started = osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.5");
    assertThat(started.connectionsMoved()).isPositive();
    assertThat(traffic.servingVersion()).isEqualTo("1.0.5");

    shell("uninstall " + id);
    Report back =
        osprey
            .reports()
            .awaitAfter(
                started.number(),
                "the system's build is back",
                it -> it.to(Builds.CODEC).equals("1.0.0"));
    assertThat(back.connectionsMoved()).isPositive();
    assertThat(stateOf(Long.parseLong(id))).isEmpty();
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @ParameterizedTest
  @EnumSource
  void refreshOfABundleInUseLosesNothing(InUse it) {
    long id = bundle(it.extension);
    long before = osprey.reports().newest();
    var _ = osprey.command("ctl", "refresh", "" + id).orFail();

    Report report = awaitMoved(before, it.symbolicName, id);
    assertMoved(it, report);
    traffic.awaitAnswers();
  }

  /** A codec and a terminal run connections; a router is only asked. */
  private static void assertMoved(InUse it, Report report) {
    if (it != InUse.ROUTER) {
      assertThat(report.connectionsMoved()).isPositive();
    }
    assertThat(report.fellBack()).isZero();
  }

  /** Waits for the change that takes a bundle out of use and puts another in its place. */
  private Report awaitMoved(long after, String symbolicName, long bundle) {
    return osprey
        .reports()
        .awaitAfter(
            after,
            symbolicName + " moved away from bundle " + bundle,
            it ->
                it.fromBundle(symbolicName) == bundle
                    && it.toBundle(symbolicName) > 0
                    && it.toBundle(symbolicName) != bundle);
  }

  /** The state of a bundle as {@code lb} tells it; empty when there is no such bundle. */
  private String stateOf(long bundle) {
    // Felix's lb fails when a bundle is uninstalled while it is listed, as an old version is here.
    return await("lb")
        .until(() -> osprey.ctl().shell("lb"), answer -> answer.exit() == 0)
        .out()
        .lines()
        .map(line -> line.split("\\|"))
        .filter(cells -> cells.length > 1 && cells[0].strip().equals("" + bundle))
        .map(cells -> cells[1].strip())
        .findFirst()
        .orElse("");
  }

  @Test
  void swapAndBackAndDeployAreCommandsToo() {
    assertThat(shell("swap http1")).contains("1.0.0");
    assertThat(shell("swap http1 --no-rehearsal")).contains("1.0.0");
    assertThat(osprey.reports().all().getLast().rehearsal()).isNotEqualTo("done");
    assertThat(shell("deploy " + Builds.codec("1.0.7"))).contains("1.0.7");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.7");
    assertThat(shell("back http1")).contains("1.0.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
    assertThat(osprey.ctl().shell("swap nonsense").exit()).isPositive();
  }

  private String shell(String line) {
    Ctl.Answer answer = osprey.ctl().shell(line);
    assertThat(answer.exit()).as("%s: %s%s", line, answer.out(), answer.err()).isZero();
    return answer.out();
  }

  private long bundle(String extension) {
    return osprey.ctl().bundleOf(extension);
  }
}
