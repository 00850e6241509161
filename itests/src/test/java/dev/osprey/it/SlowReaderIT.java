package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Firehose;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Clients of HTTP/1 that ask for huge bodies and don't read them cost a bounded amount. */
class SlowReaderIT {
  private static final int CLIENTS = 20;
  private static final long MIB = 1024 * 1024;
  private static final long BODY = 256 * MIB;

  /** What the kernel holds of one stream in its four socket buffers, and Osprey in its queue. */
  private static final long MOST_ON_THE_WAY = 16 * MIB;

  private static final long MOST_MEMORY = 128 * MIB;
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s*(\\d+) kB");

  @Test
  void theUpstreamIsPaused_memoryIsBounded_andTheBodyGoesOnLater() throws IOException {
    int port = Ports.free();
    try (Firehose upstream = Firehose.start(BODY);
        Osprey osprey = Osprey.start(Config.http(port, upstream.port()))) {
      long before = memory(osprey);
      List<RawHttp> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(RawHttp.connect(port).send("GET /huge HTTP/1.1\r\nHost: x\r\n\r\n"));
      }
      awaitNoMoreIsSent(upstream);
      long sent = upstream.sent();
      long grown = memory(osprey) - before;
      System.out.printf(
          "%d clients that don't read: the upstream sent %d MiB of %d, Osprey grew by %d MiB%n",
          CLIENTS, sent / MIB, CLIENTS * BODY / MIB, grown / MIB);

      assertThat(sent).isPositive().isLessThan(CLIENTS * MOST_ON_THE_WAY);
      assertThat(grown).isLessThan(MOST_MEMORY);
      RawHttp one = clients.getFirst();
      assertThat(one.readHead()).startsWith("HTTP/1.1 200 ").contains("" + BODY);
      assertThat(one.skip(BODY)).as("all of it arrives").isEqualTo(BODY);
      assertThat(upstream.sent()).as("the others still wait").isLessThan(sent + 2 * BODY);
      clients.forEach(RawHttp::close);
    }
  }

  private static void awaitNoMoreIsSent(Firehose upstream) {
    await("some is sent").until(() -> upstream.sent() > MIB);
    long[] last = {0, System.nanoTime()};
    await("the upstream is paused")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          long now = System.nanoTime();
          if (upstream.sent() != last[0]) {
            last[0] = upstream.sent();
            last[1] = now;
          }
          return now - last[1] > Duration.ofSeconds(1).toNanos();
        });
  }

  /** Bytes of the process in memory. */
  private static long memory(Osprey osprey) {
    try {
      Matcher rss =
          RSS.matcher(Files.readString(Path.of("/proc", Long.toString(osprey.pid()), "status")));
      assertThat(rss.find()).isTrue();
      return Long.parseLong(rss.group(1)) * 1024;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
