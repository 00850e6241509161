package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PINGs, a client's and those of keep-alive, keep no connection longer than its idle time. */
class Http2IdleIT {
  private static final byte[] HELLO =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] PING =
      "\0\0\10\6\0\0\0\0\0osprey!!".getBytes(StandardCharsets.ISO_8859_1);
  private static final int BETWEEN_MILLIS = 200;
  private static final long MOST_NANOS = Duration.ofSeconds(20).toNanos();

  @Test
  void aClientThatOnlyPingsIsIdle() throws IOException {
    int port = Ports.free();
    try (Osprey _ = Osprey.start(config(port, Ports.free()));
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(BETWEEN_MILLIS);
      client.getOutputStream().write(HELLO);

      assertThat(pingUntilItEnds(client)).as("PINGs before the end").isGreaterThan(2);
    }
  }

  @Test
  void anUpstreamConnectionThatOnlyAnswersKeepAliveIsIdle() throws Exception {
    int port = Ports.free();
    int upstream = Ports.free();
    Path folder = Scratch.folder("idle");
    Files.writeString(folder.resolve("small"), "small");
    Process nghttpd =
        Programs.start(
            folder,
            folder.resolve("nghttpd.log"),
            List.of(
                Programs.find("nghttpd", "nghttp2-server"),
                "--no-tls",
                "-d",
                folder.toString(),
                Integer.toString(upstream)));
    try (Osprey osprey = Osprey.start(config(port, upstream))) {
      String curl = Programs.find("curl", "curl");
      String url = "http://127.0.0.1:" + port + "/small";
      await("nghttpd serves")
          .until(() -> Programs.run(folder, curl, "-sS", url).out().equals("small"));
      assertThat(upstreamConnections(osprey)).isEqualTo(1);

      await("the idle connection is closed, though it answers PINGs")
          .atMost(Duration.ofSeconds(20))
          .until(() -> upstreamConnections(osprey) == 0);
    } finally {
      nghttpd.destroy();
    }
  }

  private static int pingUntilItEnds(Socket client) throws IOException {
    long begin = System.nanoTime();
    for (int pings = 0; System.nanoTime() - begin < MOST_NANOS; pings++) {
      try {
        client.getOutputStream().write(PING);
        if (hasEnded(client.getInputStream())) {
          return pings;
        }
      } catch (SocketException closed) {
        return pings;
      }
    }
    throw new AssertionError("the connection is still open after 20 s of PINGs");
  }

  /** Reads until the connection ends or nothing comes for a while. */
  private static boolean hasEnded(InputStream in) throws IOException {
    byte[] got = new byte[1024];
    try {
      while (in.read(got) >= 0) {
        // Whatever the proxy says: settings, and answers to PINGs.
      }
      return true;
    } catch (SocketTimeoutException nothing) {
      return false;
    }
  }

  private static int upstreamConnections(Osprey osprey) {
    int open = 0;
    for (JsonElement cluster : osprey.ctl().json("clusters").getAsJsonArray()) {
      open += cluster.getAsJsonObject().get("connections").getAsInt();
    }
    return open;
  }

  private static Config config(int port, int upstream) {
    return Config.empty()
        .withManager(
            "front",
            port,
            "common_http_protocol_options: { idle_timeout: 2s }",
            "match: { prefix: / }, route: { cluster: nghttpd }")
        .withCluster(
            "nghttpd",
            """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                common_http_protocol_options: { idle_timeout: 2s }
                explicit_http_config:
                  http2_protocol_options:
                    connection_keepalive: { interval: 0.3s, timeout: 5s }
            """,
            upstream);
  }
}
