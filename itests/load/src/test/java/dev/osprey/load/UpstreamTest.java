package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
  private final Loop loop = Loop.start("upstream");
  private final Upstream upstream = Upstream.start(loop);

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void answersPipelinedRequests_inOrder() throws IOException {
    String answer =
        talk(
            "GET /echo/one HTTP/1.1\r\n\r\nGET /slow/10/20 HTTP/1.1\r\n\r\nGET /close HTTP/1.1\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noneHTTP/1.1 200")
        .endsWith("\r\n\r\nclose\n");
    assertThat(upstream.counters().requests()).isEqualTo(3);
    assertThat(upstream.counters().closedHere()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64})
  void readsRequests_howeverTheyAreCut(int step) throws IOException {
    String requests =
        "POST /sink HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nt: v\r\n\r\n";
    String all = requests + requests + "GET /close HTTP/1.1\r\n\r\n";
    try (Socket socket = open()) {
      for (int i = 0; i < all.length(); i += step) {
        socket
            .getOutputStream()
            .write(all.substring(i, Math.min(all.length(), i + step)).getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
      }
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(answer.split("bytes=5 crc32=8587d865", -1)).hasSize(3);
    }
  }

  @Test
  void gives100Continue_andChecksumsTheUpload() throws Exception {
    String answer =
        talk(
            "POST /sink HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nabcdeGET /close HTTP/1.1\r\n\r\n");
    byte[] sha =
        java.security.MessageDigest.getInstance("SHA-256").digest("abcde".getBytes(ISO_8859_1));
    assertThat(answer)
        .startsWith("HTTP/1.1 100 ")
        .contains("sha256=" + HexFormat.of().formatHex(sha));
  }

  @Test
  void answersHeadAndBodylessStatuses_withoutABody() throws IOException {
    String head =
        talk(
            "HEAD /bytes/77 HTTP/1.1\r\n\r\nGET /status/204 HTTP/1.1\r\n\r\nGET /close HTTP/1.1\r\n\r\n");
    assertThat(head)
        .startsWith(
            "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\nHTTP/1.1 204 Status\r\n\r\nHTTP/1.1 200 OK");
  }

  @Test
  void sendsChunksAndTrailer() throws IOException {
    String answer = talk("GET /chunked/5/3 HTTP/1.1\r\n\r\nGET /close HTTP/1.1\r\n\r\n");
    String bytes = new String(Pattern.bytes(0, 5), ISO_8859_1);
    assertThat(answer)
        .contains(
            "\r\n\r\n3\r\n"
                + bytes.substring(0, 3)
                + "\r\n2\r\n"
                + bytes.substring(3)
                + "\r\n0\r\nx-sent: 5\r\n\r\n");
  }

  @Test
  void addsTheFieldItWasGiven() throws IOException {
    upstream.answerWith("x-osprey-codec", "http1/9");
    assertThat(talk("GET /close HTTP/1.1\r\n\r\n")).contains("\r\nx-osprey-codec: http1/9\r\n");
  }

  @Test
  void refusesWhatIsNotHttp() throws IOException {
    assertThat(talk("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n")).contains("HTTP/1.1 400 ");
    assertThat(upstream.counters().malformed()).isEqualTo(1);
  }

  @Test
  void countsAccepts_andWhoClosed() throws IOException {
    Socket politely = open();
    Socket rudely = open();
    Socket kept = open();
    await().atMost(20, SECONDS).until(() -> upstream.counters().accepted() == 3);
    politely.close();
    rudely.setOption(StandardSocketOptions.SO_LINGER, 0);
    rudely.close();
    await().atMost(20, SECONDS).until(() -> upstream.counters().open() == 1);
    UpstreamCounters counters = upstream.counters();
    assertThat(counters.closedByPeer()).isEqualTo(1);
    assertThat(counters.resetByPeer()).isEqualTo(1);
    assertThat(counters.closedHere()).isZero();
    assertThat(counters.since(counters)).isEqualTo(new UpstreamCounters(0, 1, 0, 0, 0, 0, 0, 0, 0));
    kept.close();
  }

  @Test
  void countsARequestThatIsCutShort() throws IOException {
    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write("POST /sink HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc".getBytes(ISO_8859_1));
    }
    await().atMost(20, SECONDS).until(() -> upstream.counters().cutShort() == 1);
  }

  private String talk(String requests) throws IOException {
    try (Socket socket = open()) {
      socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(upstream.address().getAddress(), upstream.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }
}
