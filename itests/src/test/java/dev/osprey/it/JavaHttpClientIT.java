package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The HTTP client of the JDK as it comes, on a listener of both versions: without TLS it asks for
 * HTTP/2 by {@code Upgrade: h2c}, which RFC 9113 has removed and which a proxy may ignore (RFC 9110
 * section 7.8). It then goes on in HTTP/1.1.
 */
class JavaHttpClientIT {
  private static final int PORT = Ports.free();
  private static final int BIG = 20_000_000;
  private static final ConcurrentLinkedQueue<Map<String, List<String>>> HEARD =
      new ConcurrentLinkedQueue<>();
  private static final HttpServer APP = app();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withCodecs("both", PORT, "app", List.of(Config.Codec.HTTP1, Config.Codec.HTTP2), "")
              .withCluster(
                  "app", Config.speaking("http_protocol_options"), APP.getAddress().getPort()));

  private static HttpServer app() {
    try {
      HttpServer app =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
      app.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      app.createContext("/digest", JavaHttpClientIT::digest);
      app.createContext("/random", JavaHttpClientIT::random);
      app.createContext("/echo", JavaHttpClientIT::echo);
      app.start();
      return app;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void digest(HttpExchange exchange) throws IOException {
    HEARD.add(exchange.getRequestHeaders());
    MessageDigest digest = sha256();
    exchange
        .getRequestBody()
        .transferTo(new DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest));
    byte[] answer = HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static void random(HttpExchange exchange) throws IOException {
    HEARD.add(exchange.getRequestHeaders());
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(bytes(BIG));
    exchange.close();
  }

  private static void echo(HttpExchange exchange) throws IOException {
    HEARD.add(exchange.getRequestHeaders());
    exchange.sendResponseHeaders(200, 0);
    exchange.getRequestBody().transferTo(exchange.getResponseBody());
    exchange.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    APP.stop(0);
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path));
  }

  @Test
  void aClientThatAsksForHttp2GoesOnInHttp1() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_2);
      List<CompletableFuture<HttpResponse<byte[]>>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofByteArray(bytes(100 * i));
        calls.add(
            client.sendAsync(
                request("/echo").POST(body).build(), HttpResponse.BodyHandlers.ofByteArray()));
      }
      for (int i = 0; i < calls.size(); i++) {
        HttpResponse<byte[]> answer = calls.get(i).get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(Arrays.equals(answer.body(), bytes(100 * i))).isTrue();
      }
    }
    // Nor does the upstream hear of it.
    assertThat(HEARD).isNotEmpty();
    assertThat(HEARD)
        .allSatisfy(it -> assertThat(it).doesNotContainKeys("Upgrade", "Http2-settings"));
  }

  @Test
  void streamsUpAndDown_whileTheCodecIsExchanged() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.BodyPublisher body =
          HttpRequest.BodyPublishers.ofInputStream(() -> new Dripping(bytes(BIG)));
      CompletableFuture<HttpResponse<String>> up =
          client.sendAsync(
              request("/digest").POST(body).build(), HttpResponse.BodyHandlers.ofString());
      HttpResponse<InputStream> down =
          client.send(request("/random").build(), HttpResponse.BodyHandlers.ofInputStream());
      byte[] got = new byte[BIG];
      int at = 0;
      for (int swaps = 0; at < BIG; at += down.body().readNBytes(got, at, BIG / 10)) {
        if (swaps++ < 5) {
          var _ = OSPREY.ctl().run("swap", "http1", "--no-rehearsal").orFail();
        }
      }

      assertThat(down.body().read()).isEqualTo(-1);
      assertThat(Arrays.equals(got, bytes(BIG))).isTrue();
      assertThat(up.get().body()).isEqualTo(HexFormat.of().formatHex(sha256().digest(bytes(BIG))));
    }
  }

  /** A body that comes in small pieces. */
  private static final class Dripping extends InputStream {
    private static final int PIECE = 10_007;

    private final byte[] bytes;
    private int at;

    Dripping(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at == bytes.length ? -1 : bytes[at++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int most = Math.min(Math.min(length, PIECE), bytes.length - at);
      System.arraycopy(bytes, at, into, offset, most);
      at += most;
      return most == 0 && length > 0 ? -1 : most;
    }
  }
}
