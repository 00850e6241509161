package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DemoUpstreamTest {
  private DemoUpstream upstream;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    upstream = DemoUpstream.start();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    client.close();
    upstream.close();
  }

  @Test
  void greets() throws Exception {
    HttpResponse<String> answer = get("/hello");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello from the demo upstream\n");
  }

  @Test
  void tellsItsPathsAndRefusesOthers() throws Exception {
    assertThat(get("/").body()).contains("/echo", "/stream?seconds=N", "/bytes/N");
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void echoesMethodFieldsAndBody() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/echo?a=b"))
            .header("x-color", "green")
            .PUT(BodyPublishers.ofString("the body"))
            .build();

    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.body())
        .startsWith("PUT /echo?a=b\n")
        .containsIgnoringCase("\nx-color: green\n")
        .endsWith("\n\nthe body");
  }

  @Test
  void givesAsManyBytesAsAskedFor() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/bytes/1000003")).build();

    assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).hasSize(1_000_003);
    assertThat(get("/bytes/0").body()).isEmpty();
    assertThat(get("/bytes/many").body()).isEmpty();
  }

  @Test
  void streamsALineAtATime_andEndsProperlyWhenAskedTo() throws Exception {
    try (HttpConnection connection = HttpConnection.open(upstream.port(), Duration.ofSeconds(10))) {
      connection.send("GET /stream?seconds=100 HTTP/1.1\r\nHost: it\r\n\r\n");
      HttpConnection.Head head = connection.readHead();
      upstream.endStreams();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      connection.readBody(head, body);

      assertThat(head.fields()).containsEntry("transfer-encoding", "chunked");
      assertThat(body.toString(StandardCharsets.UTF_8)).startsWith("line 1 of 100\n");
    }
  }

  @Test
  void keepsAConnectionFromRequestToRequest() throws Exception {
    try (HttpConnection connection = HttpConnection.open(upstream.port(), Duration.ofSeconds(10))) {
      for (int i = 0; i < 50; i++) {
        connection.send("GET /hello HTTP/1.1\r\nHost: it\r\n\r\n");
        HttpConnection.Head head = connection.readHead();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        connection.readBody(head, body);
        assertThat(body.size()).isEqualTo(29);
      }
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + upstream.port() + path);
  }
}
