package dev.osprey.host.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.config.Kind;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.deploy.TestJars;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.rehearsal.Rehearsed;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.network.ByteTerminalPlan;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTest {
  private static final String TCP = "test.tcp";

  @TempDir Path folder;
  private final AtomicReference<String> config = new AtomicReference<>(config("{'cluster': 'up'}"));
  private final FakeDataPlane dataPlane = new FakeDataPlane();
  private final FakeBundles bundles = new FakeBundles();
  private final List<String> rehearsed = new ArrayList<>();
  private final AtomicLong counted = new AtomicLong();
  private volatile String rehearsalFailure = "";
  private Options.WhenFull whenFull = Options.WhenFull.WAIT;
  private Duration maxDrain = Duration.ZERO;
  private Path deploy;
  private Path system;
  private Kernel kernel;

  @BeforeEach
  void open() throws Exception {
    deploy = Files.createDirectories(folder.resolve("deploy"));
    system = Files.createDirectories(folder.resolve("system"));
    FakeBalancer.install(system, bundles);
    bundles.offer("test.source", Kind.CONFIG, content -> new FakeSource(config));
    bundles.offer(TCP, Kind.NETWORK, content -> new FakeTerminal(content.version()));
    Files.write(system.resolve("source.jar"), TestJars.bundle("test.source", "1.0.0", ""));
    Files.write(system.resolve("tcp.jar"), TestJars.bundle(TCP, "1.0.0", ""));
    start();
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void publishesWhatTheSystemAndTheConfigurationSay() {
    assertThat(dataPlane.last().number()).isEqualTo(1);
    assertThat(dataPlane.last().listener("l")).isNotNull();
    assertThat(version()).isEqualTo("1.0.0");
  }

  @Test
  void saysHowLongStrandsWaited_duringAChangeAndAfterIt() throws Exception {
    drop("tcp-new.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    await().until(() -> report(2).stalls() != null);
    Report.Stalls stalls = Objects.requireNonNull(report(2).stalls());
    assertThat(stalls.change().longestNanos()).isPositive();
    assertThat(Objects.requireNonNull(stalls.control()).millis()).isGreaterThanOrEqualTo(200);
    assertThat(Files.readString(folder.resolve("data").resolve("reports.jsonl")))
        .contains("\"control_longest_micros\":");
  }

  @Test
  void comparesWithNothing_whenTheNextChangeComesAtOnce() throws Exception {
    kernel.orders().swap("tcp_proxy", true);
    kernel.orders().swap("tcp_proxy", true);
    await().until(() -> report(2).stalls() != null);
    assertThat(Objects.requireNonNull(report(2).stalls()).control()).isNull();
  }

  @Test
  void swapsToANewFile_andRetiresTheOldBundle_whenItsLastLeaseEnds() throws Exception {
    Extension old = terminal();
    old.lease(0);
    drop("tcp-new.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    Report report = report(2);
    assertThat(report.result()).isEqualTo(Report.Result.PUBLISHED);
    assertThat(report.swaps().getFirst().finishedOnOld()).isEqualTo(1);
    assertThat(rehearsed).containsExactly("listener/l/0/terminal");
    assertThat(bundles.exists(old.bundleId())).isTrue();
    old.release(0);
    await().until(() -> !bundles.exists(old.bundleId()));
    assertThat(report(2).swaps().getFirst().drainMillis()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void keepsTheCodeBefore_andOtherChangesWaiting_untilEveryStrandHasAcknowledged()
      throws Exception {
    Extension old = terminal();
    CompletableFuture<DataPlane.Moves> late = new CompletableFuture<>();
    dataPlane.late = late;
    drop("tcp-new.jar", "1.0.1", "");
    await().until(() -> kernel.reports().newest() == 2);
    assertThat(report(2).text()).contains("not every strand has acknowledged within PT1S");
    drop("tcp-newer.jar", "1.0.2", "");
    await()
        .during(Duration.ofMillis(700))
        .until(() -> bundles.exists(old.bundleId()) && version().equals("1.0.1"));
    dataPlane.late = null;
    late.complete(new DataPlane.Moves(0, 0, 0, 0));
    await().until(() -> !bundles.exists(old.bundleId()));
    awaitVersion("1.0.2");
  }

  @Test
  void triesAgainByItself_whatThereWasNoRoomFor() throws Exception {
    bundles.full = true;
    drop("tcp-new.jar", "1.0.1", "");
    assertThat(awaitRefusal().text()).contains("no space left");
    assertThat(version()).isEqualTo("1.0.0");
    bundles.full = false;
    awaitVersion("1.0.1");
  }

  @Test
  void aReloadOpensLogsAnew_andTriesAgainWhatWasRefused() throws Exception {
    bundles.refusals.put("1.0.1", "not today");
    drop("tcp-new.jar", "1.0.1", "");
    assertThat(awaitRefusal().text()).contains("not today");
    kernel.reload();
    assertThat(awaitRefusal().text()).as("said once more").contains("not today");
    assertThat(dataPlane.reopened).hasValue(1);
    bundles.refusals.clear();
    kernel.reload();
    awaitVersion("1.0.1");
  }

  @Test
  void staysAsItIs_andReadsTheConfigurationOn_whenTheDeployFolderIsGone() throws Exception {
    drop("tcp-new.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    Files.move(deploy, folder.resolve("unmounted"));
    assertThat(awaitRefusal().text()).contains("the folder can't be read, the code in use stays");
    int before = dataPlane.published.size();
    config.set(config("{'cluster': 'up'}").replace("'up2'", "'up3'"));
    await().until(() -> dataPlane.published.size() == before + 1);
    assertThat(version()).isEqualTo("1.0.1");
    Files.createDirectory(deploy);
    awaitVersion("1.0.0");
  }

  @Test
  void whatIsCountedInARehearsal_isNotInTheNumbers() throws Exception {
    drop("tcp-new.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    assertThat(rehearsed).isNotEmpty();
    assertThat(counted).hasValue(0);
    ask(chain().terminal().main().plan());
    assertThat(counted).hasValue(1);
  }

  private static void ask(Object plan) {
    if (plan instanceof ByteTerminalPlan terminal) {
      var _ = terminal.reads(new StateRecord("test", 1, new byte[0]));
    }
  }

  @Test
  void carriesPlansOver_whenNothingTheyDependOnHasChanged() throws Exception {
    Object plan = chain().terminal().main();
    config.set(config("{'cluster': 'up'}").replace("'up2'", "'up3'"));
    await().until(() -> dataPlane.published.size() == 2);
    assertThat(chain().terminal().main()).isSameAs(plan);
    kernel.orders().swap("tcp_proxy", true);
    assertThat(chain().terminal().main()).isNotSameAs(plan);
  }

  @Test
  void refusesAConfiguration_thatTakesAwayACluster() {
    config.set(config("{'cluster': 'up'}").replace("'name': 'up',", "'name': 'upp',"));
    Report report = awaitRefusal();
    assertThat(report.text())
        .contains("typed_config.cluster: expected the name of a cluster, found \"up\"")
        .contains("(did you mean \"upp\"?)");
    assertThat(dataPlane.published).hasSize(1);
  }

  @Test
  void refusesABundleThatDoesNotStart_orWhosePlanThrows_orThatFailsItsRehearsal() throws Exception {
    bundles.refusals.put("1.0.2", "it does not start: boom");
    drop("bad.jar", "1.0.2", "");
    assertThat(awaitRefusal().text()).contains("boom").contains("the code in use stays");
    drop("bad.jar", "3.0.0", "");
    assertThat(awaitRefusal().text()).contains("StackOverflowError: deep");
    rehearsalFailure = "wrong bytes";
    drop("bad.jar", "1.0.3", "");
    assertThat(awaitRefusal().text()).contains("wrong bytes");
    assertThat(version()).isEqualTo("1.0.0");
    assertThat(bundles.live).hasSize(3);
  }

  @Test
  void aBundleAndTheConfigurationThatNeedsIt_workInEitherOrder() throws Exception {
    drop("two.jar", "2.0.0", "");
    assertThat(awaitRefusal().text()).contains("typed_config.mode: expected a value");
    config.set(config("{'cluster': 'up', 'mode': 'x'}"));
    awaitVersion("2.0.0");
    assertThat(report(3).swaps()).hasSize(1);

    config.set(config("{'cluster': 'up'}"));
    assertThat(awaitRefusal().text()).contains("typed_config.mode: expected a value");
    drop("two.jar", "1.0.9", "");
    awaitVersion("1.0.9");
  }

  @Test
  void refusesToRemoveWhatIsInUse_butFallsBackToTheSystem() throws Exception {
    drop("a.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    Files.delete(deploy.resolve("a.jar"));
    awaitVersion("1.0.0");
  }

  @Test
  void theOldCodeStays_whenNothingIsLeft() throws Exception {
    bundles.offer("test.other", Kind.NETWORK, content -> new Other());
    Files.write(deploy.resolve("other.jar"), TestJars.bundle("test.other", "1.0.0", ""));
    config.set(config("{'cluster': 'up'}").replace(FakeTerminal.TYPE, Other.TYPE));
    await().until(() -> terminal().symbolicName().equals("test.other"));
    refusals = kernel.reports().newest();
    Files.delete(deploy.resolve("other.jar"));
    assertThat(awaitRefusal().text())
        .contains("no bundle offers the network extension")
        .contains("the code in use stays");
    restart();
    assertThat(terminal().symbolicName()).isEqualTo("test.other");
  }

  @Test
  void goesBack_andKeepsThatOverARestart() throws Exception {
    drop("a.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    kernel.orders().back("tcp_proxy");
    assertThat(version()).isEqualTo("1.0.0");
    restart();
    assertThat(version()).isEqualTo("1.0.0");
  }

  @Test
  void anOrderThatIsRefusedIsForgotten() throws Exception {
    rehearsalFailure = "wrong bytes";
    List<Report> reports = kernel.orders().swap("network/tcp_proxy", true);
    assertThat(reports)
        .singleElement()
        .satisfies(report -> assertThat(report.result()).isEqualTo(Report.Result.REFUSED));
    rehearsalFailure = "";
    config.set(config("{'cluster': 'up'}").replace("'up2'", "'up3'"));
    await().until(() -> dataPlane.published.size() == 2);
    assertThat(terminal().bundleId()).isEqualTo(bundleOfStart());
    assertThatThrownBy(() -> kernel.orders().swap("tcp_proxi", true))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("(did you mean \"tcp_proxy\"?)");
  }

  @Test
  void swapsWithoutRehearsal_whenToldSo() throws Exception {
    List<Report> reports = kernel.orders().swap("tcp_proxy", false);
    assertThat(reports.getFirst().rehearsal()).isEqualTo("none: switched off");
    assertThat(rehearsed).isEmpty();
  }

  @Test
  void theSameContentAgain_refused_bringsNothingOlderBack() throws Exception {
    drop("tcp-new.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    Extension inUse = terminal();
    rehearsalFailure = "it answers wrongly";

    List<Report> reports = kernel.orders().swap("tcp_proxy", true);

    assertThat(reports).extracting(Report::result).containsExactly(Report.Result.REFUSED);
    rehearsalFailure = "";
    await().during(Duration.ofMillis(500)).until(() -> terminal() == inUse);
  }

  @Test
  void atMostTwoOldVersionsLive() throws Exception {
    Extension oldest = leaveTwoOpen().getFirst();
    Extension inUse = terminal();
    drop("a.jar", "1.0.1", "");
    await().during(Duration.ofMillis(700)).until(() -> terminal() == inUse);
    assertThat(dataPlane.evicted).isEmpty();
    oldest.release(0);
    awaitVersion("1.0.1");
  }

  @Test
  void refusesTheNextSwap_whenFullSaysRefuse() throws Exception {
    whenFull = Options.WhenFull.REFUSE;
    restart();
    Extension oldest = leaveTwoOpen().getFirst();
    Extension inUse = terminal();
    refusals = kernel.reports().newest();
    drop("a.jar", "1.0.1", "");
    assertThat(awaitRefusal().text())
        .contains("2 old versions of test.tcp still have something open")
        .contains("the code in use stays");
    assertThat(kernel.orders().swap("tcp_proxy", false))
        .as("an order, too")
        .isNotEmpty()
        .allMatch(report -> report.result() == Report.Result.REFUSED);
    assertThat(terminal()).isSameAs(inUse);
    assertThat(dataPlane.evicted).isEmpty();
    oldest.release(0);
    kernel.reload();
    awaitVersion("1.0.1");
  }

  @Test
  void endsTheOldest_whenFullSaysEvict() throws Exception {
    whenFull = Options.WhenFull.EVICT;
    restart();
    Extension oldest = leaveTwoOpen().getFirst();
    assertThat(dataPlane.evicted).as("there is room").isEmpty();
    Extension inUse = terminal();
    drop("a.jar", "1.0.1", "");
    await().until(() -> !dataPlane.evicted.isEmpty());
    await()
        .during(Duration.ofMillis(500))
        .until(() -> dataPlane.evicted.equals(List.of(oldest)) && terminal() == inUse);
    oldest.release(0);
    awaitVersion("1.0.1");
    assertThat(kernel.reports().last(100)).noneMatch(KernelTest::isRefused);
  }

  @Test
  void evicts_pastMaxDrain() throws Exception {
    maxDrain = Duration.ofSeconds(1);
    restart();
    List<Extension> old = leaveTwoOpen();
    old.getLast().release(0);
    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofMillis(900))
        .until(dataPlane.evicted::isEmpty);
    await().until(() -> !dataPlane.evicted.isEmpty());
    await().during(Duration.ofMillis(500)).until(() -> dataPlane.evicted.size() == 1);
    assertThat(dataPlane.evicted).containsExactly(old.getFirst());
    assertThat(bundles.exists(old.getFirst().bundleId())).as("until it has ended").isTrue();
    old.getFirst().release(0);
    await().until(() -> !bundles.exists(old.getFirst().bundleId()));
  }

  /** Swaps twice while something stays open on the code before, the oldest first. */
  private List<Extension> leaveTwoOpen() throws Exception {
    List<Extension> old = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      old.add(terminal());
      terminal().lease(0);
      kernel.orders().swap("tcp_proxy", false);
    }
    return old;
  }

  @Test
  void aStoppedBundleIsReplacedByAStandIn_onTheThreadThatStopsIt() {
    Extension old = terminal();
    assertThat(kernel.leaving(old.bundleId())).isTrue();
    assertThat(terminal()).isNotSameAs(old);
    assertThat(terminal().content()).isEqualTo(old.content());
    Report report = report(2);
    assertThat(report.result()).isEqualTo(Report.Result.HELD);
    assertThat(report.text()).contains("THE CODE IN USE STAYS");
    assertThat(rehearsed).isEmpty();
  }

  @Test
  void writesEveryReportToAFile() throws Exception {
    kernel.orders().swap("tcp_proxy", true);
    assertThat(Files.readAllLines(folder.resolve("data/reports.jsonl")))
        .anySatisfy(line -> assertThat(line).contains("\"number\":2").contains("\"published\""));
  }

  @Test
  void numbersGoOnOverARestart() throws Exception {
    kernel.orders().swap("tcp_proxy", true);
    long last = kernel.reports().newest();
    restart();
    assertThat(kernel.reports().last(100)).isNotEmpty().allMatch(it -> it.number() > last);
  }

  @Test
  void startsWithoutARecordThatIsDamaged() throws Exception {
    drop("a.jar", "1.0.1", "");
    awaitVersion("1.0.1");
    kernel.orders().back("tcp_proxy");
    kernel.close();
    Path record = folder.resolve("data/deploy.json");
    Files.writeString(record, Files.readString(record).substring(0, 40));
    restart();
    awaitVersion("1.0.1"); // the highest, for the way back is forgotten
    assertThat(folder.resolve("data/deploy.json.damaged")).exists();
  }

  @Test
  void checksWithAFileThatWasCopiedAMomentAgo() throws Exception {
    kernel.close();
    Files.delete(system.resolve("tcp.jar"));
    make();
    Files.write(deploy.resolve("tcp.jar"), TestJars.bundle(TCP, "1.0.0", ""));

    assertThat(kernel.check()).isEqualTo("1 listener, 2 clusters");
  }

  private void start() throws Exception {
    make();
    kernel.start();
  }

  private void make() throws Exception {
    Options options =
        new Options(
            system,
            deploy,
            Files.createDirectories(folder.resolve("data")),
            URI.create("file:/test"),
            Duration.ofSeconds(1),
            maxDrain,
            Duration.ofSeconds(1),
            true,
            whenFull);
    kernel =
        new Kernel(
            options,
            new Kernel.Parts(
                bundles,
                dataPlane,
                name -> name.equals("fake.asked") ? counted::addAndGet : amount -> {},
                (slot, bound, settle) -> {
                  if (!rehearsalFailure.isEmpty()) {
                    throw new Refusal(rehearsalFailure);
                  }
                  rehearsed.add(slot);
                  ask(bound.plan());
                  return new Rehearsed(slot, bound.extension().toString(), 1, 2, 1);
                },
                InstantSource.offset(InstantSource.system(), Duration.ofSeconds(0))),
            Duration.ofSeconds(1));
  }

  private void restart() throws Exception {
    kernel.close();
    bundles.live.clear();
    start();
  }

  private void drop(String name, String version, String mark) throws Exception {
    Path part = folder.resolve("part");
    Files.write(part, TestJars.bundle(TCP, version, mark + Instant.now()));
    Files.move(part, deploy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void awaitVersion(String version) {
    await().until(() -> version().equals(version));
  }

  private long refusals;

  private Report awaitRefusal() {
    await()
        .until(() ->
            kernel.reports().last(100).stream()
                .anyMatch(it -> it.number() > refusals && isRefused(it)));
    Report found =
        kernel.reports().last(100).stream()
            .filter(it -> it.number() > refusals && isRefused(it))
            .findFirst()
            .orElseThrow();
    refusals = found.number();
    return found;
  }

  private static boolean isRefused(Report report) {
    return report.result() == Report.Result.REFUSED;
  }

  private Report report(long number) {
    return kernel.reports().last(100).stream()
        .filter(report -> report.number() == number)
        .findFirst()
        .orElseThrow();
  }

  private long bundleOfStart() {
    return report(1).swaps().stream()
        .filter(swap -> swap.symbolicName().equals(TCP))
        .findFirst()
        .orElseThrow()
        .to()
        .bundleId();
  }

  private ByteChain chain() {
    return (ByteChain) dataPlane.last().listener("l").chain();
  }

  private Extension terminal() {
    return chain().terminal().main().extension();
  }

  private String version() {
    return terminal().version();
  }

  private static String config(String terminal) {
    return """
    {'static_resources': {
      'listeners': [{'name': 'l',
        'address': {'socket_address': {'address': '127.0.0.1', 'port_value': 0}},
        'filter_chains': [{'filters': [{'name': 'tcp', 'typed_config':
          {'@type': 'type.googleapis.com/test.Tcp', %s}]}]}],
      'clusters': [{'name': 'up', 'load_assignment': {'cluster_name': 'up'}},
                   {'name': 'up2', 'load_assignment': {'cluster_name': 'up2'}}]}}
    """
        .formatted(terminal.substring(1));
  }

  /** Another byte terminal. */
  private record Other() implements dev.osprey.spi.network.ByteTerminalFactory {
    static final String TYPE = "type.googleapis.com/test.Other";

    @Override
    public String name() {
      return "other";
    }

    @Override
    public List<String> configTypes() {
      return List.of(TYPE);
    }

    @Override
    public ByteTerminalPlan plan(
        dev.osprey.spi.config.ConfigNode config, dev.osprey.spi.PlanContext context) {
      return new FakeTerminal("1.0.0").plan(config, context);
    }
  }
}
