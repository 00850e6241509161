package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Firehose;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.RawHttp2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask for much and read nothing, many more than there is memory for. */
class OverloadIT {
  private static final String DIRECT_MEMORY = "-XX:MaxDirectMemorySize=32m";
  private static final int DEAF = 250;
  private static final int DEAF_CONNECTIONS = 12;
  private static final int STREAMS = 60;
  private static final int ROUNDS = 200;
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String ENDLESS = "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {"reactor", "thread"})
  void clientsThatNeverRead_costBoundedMemory_andNobodyElseARequest(String model)
      throws IOException {
    int port = Ports.free();
    Path log = Files.createTempFile("osprey-overload", ".log");
    try (Firehose upstream = Firehose.endless();
        Osprey osprey = start(config(port, model, upstream, log))) {
      List<Socket> deaf = new ArrayList<>();
      try (RawHttp kept = RawHttp.connect(port)) {
        ask(kept);
        long before = residentKilobytes(osprey);
        for (int i = 0; i < DEAF; i++) {
          deaf.add(deaf(port));
        }
        for (int i = 0; i < ROUNDS; i++) {
          ask(kept);
          if (i % 10 == 0) {
            askAnew(port);
          }
        }
        await("some are reset")
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(() -> assertThat(reset(osprey)).isPositive());
        ask(kept);
        askAnew(port);

        assertThat(osprey.output()).doesNotContain("OutOf", "Exception");
        assertThat(residentKilobytes(osprey) - before).as("KB more").isLessThan(128 * 1024);
        assertThat(osprey.linesWith(" overload - ")).as("bounded lines").hasSizeBetween(1, 100);
      } finally {
        for (Socket client : deaf) {
          client.close();
        }
      }
      await("the log names the reason")
          .untilAsserted(() -> assertThat(Files.readString(log)).contains("/endless UO overload"));
    } finally {
      Files.deleteIfExists(log);
    }
  }

  // Event loops begin with reads of 2 KiB, so there such streams hold too little for a test.
  @Test
  void streamsThatGiveNoWindow_costBoundedMemoryToo() {
    String model = "thread";
    int port = Ports.free();
    int multiplexed = Ports.free();
    try (Firehose upstream = Firehose.endless();
        Osprey osprey = start(mixed(port, multiplexed, model, upstream));
        RawHttp kept = RawHttp.connect(port)) {
      ask(kept);
      List<RawHttp2> deaf = new ArrayList<>();
      for (int i = 0; i < DEAF_CONNECTIONS; i++) {
        RawHttp2 client = RawHttp2.connect(multiplexed, RawHttp2.INITIAL_WINDOW_SIZE, 0);
        for (int j = 0; j < STREAMS; j++) {
          client.request(2 * j + 1, true, "GET", "/endless");
        }
        deaf.add(client);
        ask(kept);
      }
      await("some are reset")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            ask(kept);
            assertThat(reset(osprey)).isPositive();
          });
      askAnew(port);

      assertThat(osprey.output()).doesNotContain("OutOf", "Exception");
      deaf.forEach(RawHttp2::abort);
    }
  }

  private static Config mixed(int port, int multiplexed, String model, Firehose upstream) {
    String plenty = "circuit_breakers: { thresholds: [ { max_connections: 9000 } ] }\n";
    return Config.empty()
        .withHttp("http", port, "app")
        .in(model)
        .withHttp("http2", multiplexed, "app", Config.Codec.HTTP2, "")
        .in(model)
        .withCluster("app", plenty + Config.speaking("http_protocol_options"), upstream.port());
  }

  private static Osprey start(Config config) {
    return Osprey.start(Archive.shared(), config, List.of(), List.of(DIRECT_MEMORY));
  }

  private static Config config(int port, String model, Firehose upstream, Path log) {
    String accessLog =
        """
        access_log:
          - name: file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: %s
              log_format: { text_format_source: { inline_string: "%%REQ(:PATH)%% %%RESPONSE_FLAGS%% %%RESPONSE_CODE_DETAILS%%\\n" } }
        """
            .formatted(log);
    return Config.empty()
        .withHttp("http", port, "app", Config.Codec.HTTP1, accessLog)
        .in(model)
        .withCluster("app", upstream.port());
  }

  /** A client with little room in the kernel, so that all has to wait in the proxy. */
  private static Socket deaf(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.getOutputStream().write(ENDLESS.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static void ask(RawHttp client) {
    assertThat(client.send(GET).readMessage()).startsWith("HTTP/1.1 200").endsWith("ok");
  }

  private static void askAnew(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      ask(client);
    }
  }

  private static long reset(Osprey osprey) {
    JsonObject stats = osprey.ctl().json("stats").getAsJsonObject();
    return stats.getAsJsonObject("counters").get("overload.cx_reset").getAsLong();
  }

  private static long residentKilobytes(Osprey osprey) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(osprey.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
