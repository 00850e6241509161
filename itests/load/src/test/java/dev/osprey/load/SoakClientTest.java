package dev.osprey.load;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SoakClientTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void findsNothing_whenNothingIsWrong() {
    SoakReport report = rig.runToEnd(rig.options().withMaxRequests(5000));
    assertThat(report.examples()).isEmpty();
    assertThat(report.isPerfect()).isTrue();
    assertThat(report.answered()).isEqualTo(5000);
    assertThat(report.opened()).isGreaterThan(20);
    assertThat(rig.upstream.counters().requests()).isEqualTo(5000);
    assertThat(rig.upstream.counters().accepted()).isEqualTo(report.opened());
  }

  @Test
  void keepsLongLivedConnectionsOpen_whilePaused() {
    SoakClient client = SoakClient.start(rig.loop, rig.options());
    await().atMost(20, SECONDS).until(() -> client.report().answered() > 1000);
    assertThat(client.pause(Duration.ofSeconds(5))).isTrue();
    SoakReport paused = client.report();
    assertThat(paused.pending()).isZero();
    assertThat(paused.longLivedAlive()).isEqualTo(4);
    client.resume();
    await().atMost(20, SECONDS).until(() -> client.report().answered() > paused.answered() + 100);
    assertThat(client.stop(Duration.ofSeconds(5)).isPerfect()).isTrue();
  }

  @Test
  void recordsTheVersionsOfLongLivedConnections_inOrder() {
    SoakClient client = SoakClient.start(rig.loop, rig.options());
    for (String version : List.of("http1/1.0.1", "http1/1.0.2", "http1/1.0.3")) {
      await().atMost(20, SECONDS).until(() -> allSawTheLatest(client.report()));
      rig.upstream.answerWith("x-osprey-codec", version);
      latest = version;
    }
    await().atMost(20, SECONDS).until(() -> allSawTheLatest(client.report()));
    SoakReport report = client.stop(Duration.ofSeconds(5));
    List<String> order = List.of("http1/1.0.0", "http1/1.0.1", "http1/1.0.2", "http1/1.0.3");
    assertThat(report.versions())
        .hasSize(4)
        .allSatisfy(t -> assertThat(t.versions()).isEqualTo(order));
    assertThat(report.versions())
        .allMatch(t -> t.follows(order))
        .noneMatch(t -> t.follows(order.reversed()));
    assertThat(report.versions()).allMatch(t -> t.distinct() == 4);
  }

  private String latest = "http1/1.0.0";

  private boolean allSawTheLatest(SoakReport report) {
    return report.versions().stream().allMatch(t -> t.versions().contains(latest));
  }

  @Test
  void detectsACorruptedToken() {
    assertThat(failuresWith(once(bytes -> corruptedToken(bytes))))
        .isEqualTo(FailureKind.WRONG_TOKEN);
  }

  @Test
  void detectsACorruptedPadding() {
    assertThat(failuresWith(once(bytes -> Rig.replaced(bytes, "...", "..,"))))
        .isEqualTo(FailureKind.WRONG_TOKEN);
  }

  @Test
  void detectsAnotherConnectionsToken() {
    assertThat(failuresWith(once(bytes -> Rig.replaced(bytes, "\r\n\r\n00", "\r\n\r\n0f"))))
        .isEqualTo(FailureKind.CROSSED);
  }

  @Test
  void detectsAWrongStatus() {
    assertThat(failuresWith(once(bytes -> Rig.replaced(bytes, "200 OK", "503 No"))))
        .isEqualTo(FailureKind.WRONG_STATUS);
  }

  @Test
  void detectsAnAnnouncedClose() {
    UnaryOperator<byte[]> close =
        bytes -> Rig.replaced(bytes, "200 OK\r\n", "200 OK\r\nConnection: close\r\n");
    assertThat(failuresWith(once(close))).isEqualTo(FailureKind.CLOSE_ANNOUNCED);
  }

  @Test
  void detectsAMissingVersion() {
    assertThat(failuresWith(once(bytes -> Rig.replaced(bytes, "x-osprey-codec", "x-other-header"))))
        .isEqualTo(FailureKind.NO_VERSION);
  }

  @Test
  void detectsMalformedBytes() {
    SoakReport report = reportWith(once(bytes -> Rig.replaced(bytes, "HTTP/1.1", "HTCP/1.1")));
    assertThat(report.failures()).containsKeys(FailureKind.MALFORMED, FailureKind.CUT_SHORT);
  }

  @Test
  void detectsAnAnswerThatNobodyAskedFor() {
    SoakReport report = reportWith(once(SoakClientTest::twice));
    assertThat(report.failures()).containsEntry(FailureKind.SURPLUS, 1L);
  }

  @Test
  void detectsAnswersOutOfOrder() {
    SoakOptions options =
        rig.options().withConnections(1, 1).withPipelining(4, 1).withMaxRequests(4);
    rig.relay.changeAnswers(SoakClientTest::firstTwoTokensExchanged);
    SoakReport report = rig.runToEnd(options);
    assertThat(report.failures()).containsOnlyKeys(FailureKind.OUT_OF_ORDER);
    assertThat(report.failures()).containsEntry(FailureKind.OUT_OF_ORDER, 2L);
  }

  @Test
  void detectsALostLongLivedConnection_andNeverReopensIt() {
    SoakClient client = SoakClient.start(rig.loop, rig.options().withConnections(4, 4));
    await().atMost(20, SECONDS).until(() -> client.report().answered() > 100);
    rig.relay.endOne();
    await().atMost(20, SECONDS).until(() -> client.report().lostConnections() == 1);
    SoakReport report = client.stop(Duration.ofSeconds(5));
    assertThat(report.longLivedAlive()).isEqualTo(3);
    assertThat(report.opened()).isEqualTo(4);
    assertThat(report.failures()).containsEntry(FailureKind.LOST_CONNECTION, 1L);
  }

  @Test
  void detectsAResetConnection() {
    SoakClient client = SoakClient.start(rig.loop, rig.options().withConnections(4, 4));
    await().atMost(20, SECONDS).until(() -> client.report().answered() > 100);
    rig.relay.resetOne();
    await().atMost(20, SECONDS).until(() -> client.report().lostConnections() == 1);
    SoakReport report = client.stop(Duration.ofSeconds(5));
    assertThat(report.failedExchanges())
        .isEqualTo(report.failures().getOrDefault(FailureKind.CUT_SHORT, 0L));
  }

  @Test
  void detectsARequestThatIsNeverAnswered() {
    SoakOptions options =
        rig.options()
            .withConnections(1, 1)
            .withLimits(Duration.ofMillis(100), Duration.ofMillis(10));
    SoakClient client = SoakClient.start(rig.loop, options);
    await().atMost(20, SECONDS).until(() -> client.report().answered() > 10);
    rig.relay.swallow();
    await()
        .atMost(20, SECONDS)
        .until(() -> client.report().failures().containsKey(FailureKind.STALLED));
    assertThat(client.stop(Duration.ofSeconds(5)).longLivedAlive()).isZero();
  }

  @Test
  void countsWhatIsPendingAtTheEnd_asUnfinished() {
    rig.relay.swallow();
    SoakClient client = SoakClient.start(rig.loop, rig.options().withConnections(1, 1));
    await().atMost(20, SECONDS).until(() -> client.report().sent() > 0);
    SoakReport report = client.stop(Duration.ofMillis(50));
    assertThat(report.failures()).containsEntry(FailureKind.UNFINISHED, report.sent());
  }

  @Test
  void countsAConnectionThatCannotBeOpened() {
    SoakReport report;
    try (Loop other = Loop.start("other")) {
      Upstream gone = Upstream.start(other);
      SoakOptions options = SoakOptions.to(gone.address()).withConnections(1, 1);
      other.close();
      SoakClient client = SoakClient.start(rig.loop, options);
      await().atMost(20, SECONDS).until(() -> !client.report().failures().isEmpty());
      report = client.stop(Duration.ofSeconds(1));
    }
    assertThat(report.failures()).containsOnlyKeys(FailureKind.CONNECT_FAILED);
  }

  @Test
  void measuresFromTheIntendedStart_whenARateIsSet() {
    SoakOptions options = rig.options().withConnections(2, 2).withPipelining(1, 0).withRate(2000);
    SoakClient client =
        SoakClient.start(
            rig.loop, options.withLimits(Duration.ofSeconds(10), Duration.ofMillis(40)));
    await().atMost(20, SECONDS).until(() -> client.report().answered() > 100);
    client.windowBegin(WindowKind.SWAP);
    blockTheLoop(Duration.ofMillis(100));
    long blocked = client.report().answered();
    await().atMost(20, SECONDS).until(() -> client.report().answered() > blocked + 400);
    client.windowEnd();
    client.windowBegin(WindowKind.CONTROL);
    long before = client.report().latencies().control().count();
    await()
        .atMost(20, SECONDS)
        .until(() -> client.report().latencies().control().count() > before + 100);
    Latencies.Summary latencies = client.stop(Duration.ofSeconds(5)).latencies();
    // In 100 ms 200 requests were due, 120 of them late by more than 40 ms; a closed loop would see
    // two.
    assertThat(latencies.swap().max()).isGreaterThan(80_000);
    assertThat(latencies.control().count()).isGreaterThan(100);
    assertThat(latencies.stalls().stream().filter(Latencies.Stall::inSwapWindow))
        .hasSizeGreaterThan(100);
  }

  private void blockTheLoop(Duration length) {
    rig.loop.execute(() -> {
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
    });
  }

  private FailureKind failuresWith(UnaryOperator<byte[]> change) {
    SoakReport report = reportWith(change);
    assertThat(report.failures()).hasSize(1);
    return report.failures().keySet().iterator().next();
  }

  private SoakReport reportWith(UnaryOperator<byte[]> change) {
    rig.relay.changeAnswers(change);
    return rig.runToEnd(
        rig.options().withConnections(2, 1).withPipelining(1, 0).withMaxRequests(100));
  }

  private static UnaryOperator<byte[]> once(UnaryOperator<byte[]> change) {
    AtomicBoolean done = new AtomicBoolean();
    return bytes -> done.getAndSet(true) ? bytes : change.apply(bytes);
  }

  private static byte[] corruptedToken(byte[] bytes) {
    byte[] copy = bytes.clone();
    copy[copy.length - 90] = 'x';
    return copy;
  }

  private static byte[] firstTwoTokensExchanged(byte[] bytes) {
    byte[] marked = Rig.replaced(bytes, "0000000100000000.", "#");
    byte[] first = Rig.replaced(marked, "0000000100000001.", "0000000100000000.");
    return Rig.replaced(first, "#", "0000000100000001.");
  }

  private static byte[] twice(byte[] bytes) {
    byte[] doubled = Arrays.copyOf(bytes, bytes.length * 2);
    System.arraycopy(bytes, 0, doubled, bytes.length, bytes.length);
    return doubled;
  }
}
