package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Streams that do not end hold old versions of their filter: what the next swap does then, by
 * option, and what the clients see of it.
 */
class WhenFullIT {
  private static final String FULL =
      "2 old versions of " + Builds.HEADERS + " still have something open";
  private static final String FILTERS =
      """
      http_filters:
        - name: envoy.filters.http.header_mutation
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
            mutations:
              response_mutations:
                - append: { header: { key: x-filtered, value: "yes" } }
        - name: envoy.filters.http.router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      """;

  private final int port = Ports.free();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ScriptedUpstream upstream = ScriptedUpstream.start().answering(this::answer);

  @AfterEach
  void close() {
    released.countDown();
    upstream.close();
  }

  @Test
  void theNextSwapIsRefused_andNobodyLosesAnything() {
    try (Osprey osprey = start("-Dosprey.when_full=refuse");
        RawHttp first = RawHttp.connect(port);
        RawHttp second = RawHttp.connect(port)) {
      fill(osprey, first, second);
      long before = osprey.reports().newest();
      osprey.drop(Builds.headers("1.0.3"));

      Report refused = osprey.reports().awaitRefused(before, "it is full");
      assertThat(refused.refusal()).contains(FULL).contains("the code in use stays");
      assertWhole(ask());
      released.countDown();
      assertWhole(first.readMessage());
      assertWhole(second.readMessage());
      assertWhole(first.send(request("/again")).readMessage());
      awaitNothingOld(osprey);
      var _ = osprey.ctl().run("reload").orFail();
      osprey.reports().awaitPublished(before, Builds.HEADERS, "1.0.3");
      assertThat(osprey.stop()).isZero();
    }
  }

  @Test
  void theOldestEndsPolitely_andOnlyTheOldest() {
    try (Osprey osprey = start("-Dosprey.when_full=evict");
        RawHttp first = RawHttp.connect(port);
        RawHttp second = RawHttp.connect(port)) {
      fill(osprey, first, second);
      long before = osprey.reports().newest();
      osprey.drop(Builds.headers("1.0.3"));

      osprey.reports().awaitPublished(before, Builds.HEADERS, "1.0.3");
      assertThat(osprey.reports().after(before)).noneMatch(Report::isRefused);
      assertEndedPolitely(first);
      assertWhole(ask());
      released.countDown();
      assertWhole(second.readMessage());
      assertWhole(second, "/again");
      assertThat(osprey.stop()).isZero();
    }
  }

  @Test
  void whatRunsOnOldCodeEndsPolitely_pastMaxDrain() {
    try (Osprey osprey = start("-Dosprey.max_drain=2");
        RawHttp first = RawHttp.connect(port);
        RawHttp second = RawHttp.connect(port)) {
      hold(first, 1);
      swap(osprey, "1.0.1");
      hold(second, 2);
      assertThat(first.isQuietFor(Duration.ofMillis(500))).as("it has its time").isTrue();
      assertEndedPolitely(first);
      awaitNothingOld(osprey);
      released.countDown();
      assertWhole(second.readMessage());
      assertThat(osprey.stop()).isZero();
    }
  }

  private Osprey start(String option) {
    Config config =
        Config.empty()
            .withHttp("http", port, "app", Config.Codec.HTTP1, FILTERS)
            .withCluster("app", upstream.port());
    return Osprey.start(Archive.shared(), config, List.of(), List.of(option));
  }

  /** Two old versions stay open, the first of them for the first client. */
  private void fill(Osprey osprey, RawHttp first, RawHttp second) {
    hold(first, 1);
    swap(osprey, "1.0.1");
    hold(second, 2);
    swap(osprey, "1.0.2");
  }

  private static void swap(Osprey osprey, String version) {
    long before = osprey.reports().newest();
    osprey.drop(Builds.headers(version));
    osprey.reports().awaitPublished(before, Builds.HEADERS, version);
  }

  /** Sends a request that is not answered for now; returns when the upstream has it. */
  private void hold(RawHttp client, int count) {
    client.send(request("/held"));
    Awaitility.await("at the upstream")
        .until(
            () -> upstream.messages().stream().filter(it -> it.contains("/held")).count() == count);
  }

  private static void awaitNothingOld(Osprey osprey) {
    Awaitility.await("no old code is in use")
        .until(() -> !osprey.ctl().run("extensions").orFail().contains("draining"));
  }

  /** A whole answer of the host, and the connection goes on behind it. */
  private static void assertEndedPolitely(RawHttp client) {
    String answer = client.readMessage();
    assertThat(RawHttp.status(answer)).as(answer).isEqualTo(503);
    assertThat(answer).endsWith("\r\n\r\nnot available").doesNotContainIgnoringCase("close");
    assertWhole(client, "/after-the-503");
  }

  private static void assertWhole(RawHttp client, String path) {
    assertWhole(client.send(request(path)).readMessage());
  }

  private static void assertWhole(String answer) {
    assertThat(RawHttp.status(answer)).as(answer).isEqualTo(200);
    assertThat(answer).contains("x-filtered: yes\r\n").endsWith("\r\n\r\nok");
  }

  private String ask() {
    try (RawHttp client = RawHttp.connect(port)) {
      return client.send(request("/")).readMessage();
    }
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private Answer answer(String message) {
    if (message.contains("/held")) {
      try {
        released.await();
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
      }
    }
    return Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }
}
