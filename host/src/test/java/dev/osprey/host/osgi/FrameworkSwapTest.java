package dev.osprey.host.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.control.FakeDataPlane;
import dev.osprey.host.control.Kernel;
import dev.osprey.host.control.Options;
import dev.osprey.host.control.Report;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.rehearsal.Rehearsed;
import dev.osprey.spi.StateRecord;
import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

class FrameworkSwapTest {
  private static final String EXPORTS =
      "dev.osprey.spi;version=1.0.0,dev.osprey.spi.config;version=1.0.0,"
          + "dev.osprey.spi.network;version=1.0.0,dev.osprey.spi.source;version=1.0.0,"
          + "dev.osprey.spi.message;version=1.0.0,dev.osprey.testkit;version=1.0.0,"
          + "io.netty.buffer;version=4.2.0";

  @TempDir Path folder;
  private final FakeDataPlane dataPlane = new FakeDataPlane();
  private Path deploy;
  private Framework framework;
  private BundleContext context;
  private Kernel kernel;
  private long refusals;

  @BeforeEach
  void open() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage", folder.resolve("cache").toString(),
                    "org.osgi.framework.storage.clean", "onFirstInit",
                    "org.osgi.framework.bsnversion", "multiple",
                    "org.osgi.framework.system.packages.extra", EXPORTS,
                    "felix.service.urlhandlers", "false"));
    framework.start();
    context = framework.getBundleContext();
    deploy = Files.createDirectories(folder.resolve("deploy"));
    Path system = Files.createDirectories(folder.resolve("system"));
    Files.write(system.resolve("source.jar"), FixtureJars.source());
    Files.write(system.resolve("terminal.jar"), FixtureJars.terminal("1.0.0"));
    FrameworkBundles bundles = new FrameworkBundles(context, 1);
    kernel = new Kernel(options(system), parts(bundles));
    kernel.start();
    new HandGuard(context, bundles, kernel).listen();
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test
  void aDroppedFileTakesOver_andTheOldLoaderIsCollected() throws Exception {
    WeakReference<ClassLoader> old =
        new WeakReference<>(inUse().factory().getClass().getClassLoader());
    long oldBundle = inUse().bundleId();
    drop(FixtureJars.terminal("1.0.1"));
    awaitVersion("1.0.1");
    dataPlane.published.removeIf(generation -> generation.number() == 1);
    await().until(() -> context.getBundle(oldBundle) == null);
    await()
        .until(() -> {
          System.gc();
          return old.get() == null;
        });
    await().until(() -> last().swaps().getFirst().classLoader().startsWith("collected"));
  }

  @Test
  void theSameVersionAgainIsAnotherBundle() throws Exception {
    drop(FixtureJars.terminal("1.0.0"));
    await().until(() -> dataPlane.published.size() == 2);
    assertThat(last().swaps().getFirst().from().version()).isEqualTo("1.0.0");
    assertThat(last().swaps().getFirst().to().version()).isEqualTo("1.0.0");
    assertThat(works()).isTrue();
  }

  @Test
  void badBundlesChangeNothing_andLeaveNothingBehind() throws Exception {
    int bundles = context.getBundles().length;
    drop(FixtureJars.terminal("1.0.1", "Fixture-Start", "throw"));
    assertThat(refusal()).contains("it does not start").contains("the fixture throws");
    drop(FixtureJars.terminal("1.0.2", "Import-Package", FixtureJars.imports("no.such.pack,")));
    assertThat(refusal()).contains("it needs the missing package no.such.pack");
    drop("garbage".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(refusal()).contains("it is not a whole jar");
    assertThat(inUse().version()).isEqualTo("1.0.0");
    assertThat(context.getBundles()).hasSize(bundles);
  }

  @Test
  void stop_leavesAStandInInUse_andStartIsTheLastChange() throws Exception {
    Bundle stopped = context.getBundle(inUse().bundleId());
    stopped.stop();
    assertThat(stopped.getState()).isEqualTo(Bundle.RESOLVED);
    assertThat(inUse().bundleId()).isNotEqualTo(stopped.getBundleId());
    assertThat(works()).isTrue();
    assertThat(last().result()).isEqualTo(Report.Result.HELD);
    stopped.start();
    await().until(() -> inUse().bundleId() == stopped.getBundleId());
    assertThat(works()).isTrue();
    stopped.stop();
    assertThat(inUse().bundleId()).isNotEqualTo(stopped.getBundleId());
    assertThat(works()).isTrue();
  }

  @Test
  void update_bringsTheNewContent() throws Exception {
    Bundle updated = context.getBundle(inUse().bundleId());
    updated.update(new ByteArrayInputStream(FixtureJars.terminal("1.0.7")));
    awaitVersion("1.0.7");
    assertThat(inUse().bundleId()).isEqualTo(updated.getBundleId());
    assertThat(works()).isTrue();
  }

  @Test
  void refresh_losesNothing_howeverOften() throws Exception {
    Bundle refreshed = context.getBundle(inUse().bundleId());
    for (int i = 0; i < 3; i++) {
      CountDownLatch done = new CountDownLatch(1);
      framework
          .adapt(FrameworkWiring.class)
          .refreshBundles(List.of(refreshed), event -> done.countDown());
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(works()).isTrue();
      await().until(() -> inUse().bundleId() == refreshed.getBundleId());
      assertThat(works()).isTrue();
    }
  }

  @Test
  void uninstall_bringsBackTheSystemsFile_atLeastTheStandIn() throws Exception {
    drop(FixtureJars.terminal("1.0.1"));
    awaitVersion("1.0.1");
    context.getBundle(inUse().bundleId()).uninstall();
    assertThat(works()).isTrue();
    awaitVersion("1.0.0");
    context.getBundle(inUse().bundleId()).uninstall();
    assertThat(works()).isTrue();
    assertThat(refusal()).contains("no bundle offers").contains("the code in use stays");
    assertThat(works()).isTrue();
  }

  @Test
  void aStoppedBundleThatNobodyReplaces_isWithdrawnAfterTheHold() throws Exception {
    drop(FixtureJars.terminal("1.0.1"));
    awaitVersion("1.0.1");
    context.getBundle(inUse().bundleId()).stop();
    assertThat(inUse().version()).isEqualTo("1.0.1");
    awaitVersion("1.0.0");
  }

  @Test
  void aBundleInstalledAndStartedByHand_isTheLastChange() throws Exception {
    Bundle mine =
        context.installBundle("by hand", new ByteArrayInputStream(FixtureJars.terminal("0.9.0")));
    mine.start();
    awaitVersion("0.9.0");
    assertThat(inUse().bundleId()).isEqualTo(mine.getBundleId());
    drop(FixtureJars.terminal("1.0.1"));
    awaitVersion("1.0.1");
    await().until(() -> mine.getState() == Bundle.UNINSTALLED);
  }

  private Options options(Path system) throws Exception {
    return new Options(
        system,
        deploy,
        Files.createDirectories(folder.resolve("data")),
        URI.create("file:/fixed"),
        Duration.ofSeconds(2),
        Duration.ZERO,
        Duration.ofSeconds(1),
        true,
        Options.WhenFull.WAIT);
  }

  private Kernel.Parts parts(FrameworkBundles bundles) {
    return new Kernel.Parts(
        bundles,
        dataPlane,
        name -> amount -> {},
        (slot, bound, settle) -> new Rehearsed(slot, bound.extension().toString(), 0, 0, 0),
        InstantSource.system());
  }

  private void drop(byte[] jar) throws Exception {
    Path part = folder.resolve("part");
    Files.write(part, jar);
    Files.move(part, deploy.resolve("terminal.jar"), StandardCopyOption.REPLACE_EXISTING);
  }

  private ByteChain chain() {
    return (ByteChain) dataPlane.last().listener("l").chain();
  }

  private Extension inUse() {
    return chain().terminal().main().extension();
  }

  /** Needs a class that nobody has needed before. */
  private boolean works() {
    return chain().terminal().main().plan().reads(StateRecord.empty("x", 1));
  }

  private void awaitVersion(String version) {
    await().until(() -> inUse().version().equals(version));
  }

  private Report last() {
    return kernel.reports().last(1).getFirst();
  }

  private String refusal() {
    await().until(() -> nextRefusal() != null);
    Report found = nextRefusal();
    refusals = found.number();
    return found.text();
  }

  private Report nextRefusal() {
    return kernel.reports().last(100).stream()
        .filter(it -> it.number() > refusals && it.result() == Report.Result.REFUSED)
        .findFirst()
        .orElse(null);
  }
}
