package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.bundle.RefusesPlans;
import dev.osprey.it.bundle.StartThrows;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Ctl;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Reports;
import dev.osprey.it.harness.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Every rule of the deploy folder, under load, with its report; nothing is ever lost. */
class DeployRulesIT {
  private Traffic traffic;
  private Osprey osprey;
  private Reports reports;
  private long before;
  private String test = "";

  @BeforeEach
  void start(TestInfo info) {
    test = info.getDisplayName();
    start(Archive.shared(), List.of());
  }

  private void start(Archive archive, List<Path> deployed) {
    traffic = Traffic.start(archive, deployed);
    osprey = traffic.osprey();
    reports = osprey.reports();
    before = reports.newest();
  }

  @AfterEach
  void endWithoutLoss() {
    try (Traffic ending = traffic) {
      ending.awaitAnswers();
      ending.endWithoutLoss(test);
    }
  }

  @Test
  void aNewFileBesideTheOldTakesOver() {
    Report first = deployed(Builds.codec("1.1.0"), "1.1.0");
    Report second = deployed(Builds.codec("1.2.0"), "1.2.0");

    assertThat(first.from(Builds.CODEC)).isEqualTo("1.0.0");
    assertThat(first.rehearsal()).isEqualTo("done");
    assertThat(first.rehearsedMessages()).isPositive();
    assertThat(first.fellBack()).isZero();
    assertThat(second.from(Builds.CODEC)).isEqualTo("1.1.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.2.0");
  }

  @Test
  void anOverwrittenFileTakesOver() {
    deployed(JarForge.of(Builds.codec("1.1.0")).write("codec.jar"), "1.1.0");
    Report second = deployed(JarForge.of(Builds.codec("1.2.0")).write("codec.jar"), "1.2.0");

    assertThat(second.from(Builds.CODEC)).isEqualTo("1.1.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.2.0");
  }

  @Test
  void aRemovedFileBringsBackTheNextOneAndAtLastTheSystems() {
    Path older = Builds.codec("1.1.0");
    Path newer = Builds.codec("1.2.0");
    deployed(older, "1.1.0");
    deployed(newer, "1.2.0");

    osprey.remove(newer);
    assertThat(published("1.1.0").from(Builds.CODEC)).isEqualTo("1.2.0");
    osprey.remove(older);
    assertThat(published("1.0.0").from(Builds.CODEC)).isEqualTo("1.1.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void aDowngradeWinsSinceTheFileThatChangedLastWins() {
    deployed(Builds.codec("2.0.0"), "2.0.0");
    Report down = deployed(Builds.codec("0.9.0"), "0.9.0");

    assertThat(down.from(Builds.CODEC)).isEqualTo("2.0.0");
    assertThat(traffic.servingVersion()).isEqualTo("0.9.0");
  }

  @Test
  void theSameVersionAgainIsASwapWhenTheContentDiffers() {
    deployed(Builds.codec("1.1.0"), "1.1.0");
    Path again =
        JarForge.of(Builds.codec("1.1.0")).with("Bundle-Description", "rebuilt").write("again.jar");
    Report report = deployed(again, "1.1.0");

    assertThat(report.from(Builds.CODEC)).isEqualTo("1.1.0");
  }

  @Test
  void aHalfCopiedFileWaitsForItsRest() throws IOException {
    Path jar = Builds.codec("1.1.0");
    Path target = osprey.deploy().resolve("slow.jar");
    Files.write(target, JarForge.half(jar));
    traffic.awaitAnswers();
    assertThat(reports.after(before)).noneMatch(Report::isPublished);

    Files.write(target, Files.readAllBytes(jar));
    published("1.1.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.1.0");
  }

  @Test
  void aFileThatStaysHalfIsRefusedAndTheCodeInUseStays() throws IOException {
    deployed(JarForge.of(Builds.codec("1.1.0")).write("codec.jar"), "1.1.0");
    Files.write(osprey.deploy().resolve("codec.jar"), JarForge.half(Builds.codec("1.2.0")));

    assertThat(refused("half").refusal()).isNotEmpty();
    assertThat(traffic.servingVersion()).isEqualTo("1.1.0");
  }

  @Test
  void garbageIsRefusedAndTheCodeInUseStays() {
    deployed(JarForge.of(Builds.codec("1.1.0")).write("codec.jar"), "1.1.0");
    osprey.drop(JarForge.garbage("codec.jar"));

    assertThat(refused("garbage").json().toString()).contains("codec.jar");
    assertThat(traffic.servingVersion()).isEqualTo("1.1.0");
  }

  @Test
  void aBundleThatNeedsAMissingPackageIsRefused() {
    osprey.drop(Builds.forgeCodec().withVersion("1.1.0").importing("com.example.missing").write());

    assertThat(refused("missing package").refusal()).contains("com.example.missing");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void aBundleWhoseStartThrowsIsRefused() {
    osprey.drop(Builds.forgeCodec().withVersion("1.1.0").startingBy(StartThrows.class).write());

    assertThat(refused("start throws").refusal()).contains(StartThrows.WORDS);
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void aBundleWhosePlanRefusesTheRunningConfigurationIsRefused() {
    osprey.drop(Builds.forgeCodec().withVersion("1.1.0").startingBy(RefusesPlans.class).write());

    assertThat(refused("plan refuses").refusal()).contains(RefusesPlans.WORDS);
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void severalBundlesAtOnceTakeOverTogetherOrOneByOne() {
    osprey.drop(Builds.codec("1.1.0"));
    osprey.drop(Builds.router("1.1.0"));
    osprey.drop(Builds.tcp("1.1.0"));

    // One report may tell of all three.
    long start = before;
    published("1.1.0");
    reports.awaitPublished(start, Builds.ROUTER, "1.1.0");
    reports.awaitPublished(start, Builds.TCP, "1.1.0");
    assertThat(reports.after(start)).allMatch(Report::isPublished);
  }

  @Test
  void severalJarsInOneOrderAreOneReport() {
    String answer =
        osprey
            .ctl()
            .run(
                "deploy",
                text(Builds.codec("1.1.0")),
                text(Builds.router("1.2.0")),
                text(Builds.tcp("1.3.0")))
            .orFail();

    assertThat(answer).contains("1.1.0", "1.2.0", "1.3.0");
    assertThat(reports.after(before))
        .singleElement()
        .satisfies(report -> {
          assertThat(report.isPublished()).isTrue();
          assertThat(report.to(Builds.CODEC)).isEqualTo("1.1.0");
          assertThat(report.to(Builds.ROUTER)).isEqualTo("1.2.0");
          assertThat(report.to(Builds.TCP)).isEqualTo("1.3.0");
          assertThat(report.fellBack()).isZero();
        });
    assertThat(traffic.servingVersion()).isEqualTo("1.1.0");
  }

  @Test
  void anOrderWithADamagedJarChangesNothing() throws IOException {
    Ctl.Answer answer =
        osprey
            .ctl()
            .run("deploy", text(Builds.codec("1.1.0")), text(JarForge.garbage("garbage.jar")));

    assertThat(answer.exit()).isPositive();
    assertThat(answer.err()).contains("garbage.jar: it is not a whole jar");
    assertThat(osprey.deploy()).isEmptyDirectory();
    traffic.awaitAnswers();
    assertThat(reports.after(before)).isEmpty();
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void theLastRemovalIsRefused() throws IOException {
    traffic.close();
    Path jar = Builds.codec("1.1.0");
    Archive spoilt = Archive.unpack();
    Files.delete(spoilt.extension("osprey-codec-http1"));
    start(spoilt, List.of(jar));
    osprey.remove(jar);

    assertThat(refused("the last removal").refusal())
        .contains("no bundle offers")
        .contains("the code in use stays");
    traffic.awaitAnswers();
    assertThat(traffic.servingVersion()).isEqualTo("1.1.0");
    assertThat(reports.after(before)).noneMatch(Report::isPublished);
    deployed(Builds.codec("1.2.0"), "1.2.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.2.0");
  }

  @Test
  void aSwapDuringASwapEndsWithTheLastOne() {
    List<CompletableFuture<Ctl.Answer>> orders = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      orders.add(CompletableFuture.supplyAsync(() -> osprey.ctl().run("swap", "http1")));
      osprey.drop(Builds.codec("1." + i + ".0"));
    }
    CompletableFuture.allOf(orders.toArray(CompletableFuture[]::new)).join();

    published("1.4.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.4.0");
    assertThat(orders).allMatch(order -> order.join().exit() == 0);
    assertThat(reports.after(before)).noneMatch(Report::isRefused);
  }

  @Test
  void aBundleAndTheConfigurationThatNeedsItChangeAsOne() {
    Path jar =
        Builds.forgeCodec()
            .withVersion("1.1.0")
            .replacing("dev.osprey.codec.http1.Config", "dev.osprey.codec.http1.Konfig")
            .write();
    String config = traffic.config().toString().replace("http1.Config", "http1.Konfig");

    osprey.configure(config);
    osprey.drop(jar);

    Report report =
        reports.awaitAfter(
            before,
            "both in use",
            Duration.ofSeconds(20),
            it -> it.isPublished() && it.to(Builds.CODEC).equals("1.1.0"));
    assertThat(report.from(Builds.CODEC)).isEqualTo("1.0.0");
    assertThat(osprey.ctl().run("config", "dump").orFail()).contains("http1.Konfig");
    assertThat(traffic.servingVersion()).isEqualTo("1.1.0");
  }

  private Report deployed(Path jar, String version) {
    before = reports.newest();
    osprey.drop(jar);
    return published(version);
  }

  private Report published(String version) {
    Report report = reports.awaitPublished(before, Builds.CODEC, version);
    before = report.number();
    return report;
  }

  private static String text(Path jar) {
    return jar.toString();
  }

  private Report refused(String what) {
    return reports.awaitRefused(before, what);
  }
}
