package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.LaxCodec;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A fixed build must not forward what its lax predecessor accepted. */
class LaxBuildIT {
  private static final String ONE_AT_A_TIME =
      """
      circuit_breakers:
        thresholds:
          - { max_connections: 1, max_pending_requests: 100 }
      """;
  private static final int BUSY = 16;
  private static final String SPOILT =
      "POST /spoilt HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
          + "Transfer-Encoding : chunked\r\n\r\nabc";

  @Test
  void aStrictBuildDoesNotTrustWhatALaxOneHasScanned() {
    int port = Ports.free();
    CountDownLatch first = new CountDownLatch(1);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey =
            Osprey.start(
                Archive.shared(),
                Config.empty()
                    .withHttp("http", port, "app")
                    .withCluster("app", ONE_AT_A_TIME, upstream.port()),
                List.of(LaxCodec.build("1.0.1")));
        RawHttp waiting = RawHttp.connect(port)) {
      assertThatTheHoleIsThere(port, upstream);
      upstream.answering(message -> {
        awaitQuietly(first);
        return Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      });
      List<RawHttp> busy = occupyEveryLoop(port);
      await("all of them were scanned")
          .until(() -> pending(osprey) + upstream.messages().size() == BUSY);
      waiting.send(SPOILT);
      await("the spoilt request was scanned and waits")
          .until(() -> pending(osprey) + upstream.messages().size() == BUSY + 1);
      assertThat(upstream.messages()).noneMatch(message -> message.contains("/spoilt"));

      long before = osprey.reports().newest();
      osprey.drop(Builds.codec("1.0.2"));
      osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.2");
      first.countDown();

      assertThat(busy).allMatch(client -> client.readMessage().startsWith("HTTP/1.1 200 "));
      String refusal = waiting.readMessage();
      assertThat(RawHttp.status(refusal)).as(refusal).isNotEqualTo(200);
      assertThat(upstream.messages()).noneMatch(message -> message.contains("Encoding :"));
      assertThat(upstream.messages()).noneMatch(message -> message.contains("/spoilt"));
    }
  }

  /**
   * Every loop has a pool of its own, with one connection: enough clients keep all of them busy.
   */
  private static List<RawHttp> occupyEveryLoop(int port) {
    return IntStream.range(0, BUSY)
        .mapToObj(_ -> RawHttp.connect(port).send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n"))
        .toList();
  }

  private static int pending(Osprey osprey) {
    JsonElement app = osprey.ctl().json("clusters").getAsJsonArray().get(0);
    return app.getAsJsonObject().get("pending").getAsInt();
  }

  private static void assertThatTheHoleIsThere(int port, ScriptedUpstream upstream) {
    try (RawHttp client = RawHttp.connect(port)) {
      assertThat(client.send(SPOILT).readMessage()).startsWith("HTTP/1.1 200 ");
    }
    assertThat(upstream.messages()).anyMatch(message -> message.contains("Encoding :"));
    upstream.reset();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
