package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mutated messages in both directions. Whatever comes in: nothing throws or leaks, what leaves can
 * be read in one way only, and it does not depend on how the input was cut or on codecs that move.
 * {@code -Dosprey.fuzz.rounds=N} runs longer; {@code -Dosprey.fuzz.seed=N} starts elsewhere.
 */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class Http1FuzzTest {
  private static final int ROUNDS = Integer.getInteger("osprey.fuzz.rounds", 2_000);
  private static final long SEED = Long.getLong("osprey.fuzz.seed", 20_260_101L);
  private static final String CRLF = "\r\n";

  private static final List<String> REQUESTS =
      List.of(
          "GET /a HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
          "POST /b HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Length: 5\r\n"
              + "Connection: a, b\r\n"
              + "A: 1\r\n\r\n"
              + "abcde",
          "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3;a=\"b\"\r\nabc\r\n0a\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
          "GET http://y/d?e HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n",
          "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
          "HEAD / HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Upgrade: h2c\r\n"
              + "Connection: Upgrade, HTTP2-Settings\r\n\r\n");

  private static final List<String> RESPONSES =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: s\r\n\r\nabcde",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: 1\r\n\r\n",
          "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
          "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");

  private static final List<String> SNIPPETS =
      List.of(
          "Transfer-Encoding: chunked\r\n",
          "Content-Length: 5\r\n",
          "Content-Length: 0\r\n",
          "Connection: close\r\n",
          "Connection: Content-Length, Host\r\n",
          "Host: y\r\n",
          "Expect: 100-continue\r\n",
          "0\r\n\r\n",
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          "\0",
          ":",
          ",",
          ";",
          "\"",
          "\u000b",
          "\u0085",
          "\u00a0",
          "\u00ff",
          "0",
          "f",
          "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\n");

  @Test
  void requestsStayUnambiguous() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String first = REQUESTS.get(random.nextInt(REQUESTS.size()));
      String second = REQUESTS.get(random.nextInt(REQUESTS.size()));
      checkRequests(mutate(first + second, random));
    }
  }

  @Test
  void responsesStayUnambiguous() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      checkResponses(mutate(RESPONSES.get(random.nextInt(RESPONSES.size())), random));
    }
  }

  /** Inputs that once broke something, or that nearly did elsewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\nGET / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Transfer-Encoding:\u000bchunked\r\n"
            + "Content-Length: 5\r\n\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Connection: Content-Length\r\n"
            + "Content-Length: 5\r\n\r\n"
            + "abcde",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc",
        "\r",
        "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r\n",
        "GET http://y?z HTTP/1.1\r\nHost: x\r\n\r\n"
      })
  void keptRequestsStayUnambiguous(String request) {
    checkRequests(request);
  }

  private static void checkRequests(String bytes) {
    String whole = requested(new Proxy(TestPlans.silent()), bytes, bytes.length());
    List<String> read = Reference.requests(whole);
    String single = requested(new Proxy(TestPlans.silent()), bytes, 1);
    assertThat(Reference.requests(single)).as(bytes).isEqualTo(read);
    String moved = requested(new Proxy(TestPlans.silent(), TestPlans.foreign()), bytes, 1);
    assertThat(moved).as(bytes).isEqualTo(single);
  }

  /** Sends the bytes in pieces, answers every request, and returns what the upstream saw. */
  private static String requested(Proxy proxy, String bytes, int piece) {
    for (int at = 0; at < bytes.length() && proxy.client.closed == null; at += piece) {
      proxy.request(bytes.substring(at, Math.min(bytes.length(), at + piece)));
      while (proxy.isAwaitingAnswer()) {
        proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      }
    }
    String seen = proxy.upstream.output();
    proxy.end();
    return seen;
  }

  private static void checkResponses(String bytes) {
    for (String method : List.of("GET", "HEAD")) {
      String whole = answered(new Proxy(TestPlans.silent()), method, bytes, bytes.length());
      List<String> read = read(whole, method);
      assertThat(read.stream().filter(message -> !message.startsWith("HTTP/1.1 1")).count())
          .as(bytes)
          .isLessThanOrEqualTo(1);
      String single = answered(new Proxy(TestPlans.silent()), method, bytes, 1);
      assertThat(read(single, method)).as(bytes).isEqualTo(read);
      Proxy moving = new Proxy(TestPlans.silent(), TestPlans.foreign());
      assertThat(read(answered(moving, method, bytes, 1), method)).as(bytes).isEqualTo(read);
    }
  }

  /** The responses, without the reason of a 502: a whole head is judged sooner than its pieces. */
  private static List<String> read(String client, String method) {
    return Reference.responses(client, List.of(method)).stream()
        .map(response -> response.startsWith("HTTP/1.1 502 ") ? "502" : response)
        .toList();
  }

  /** Answers one request in pieces, ends the connection, and returns what the client saw. */
  private static String answered(Proxy proxy, String method, String bytes, int piece) {
    proxy.request(method + " / HTTP/1.1\r\nHost: x" + CRLF + CRLF);
    for (int at = 0; at < bytes.length() && proxy.upstream.closed == null; at += piece) {
      proxy.response(bytes.substring(at, Math.min(bytes.length(), at + piece)));
    }
    if (proxy.upstream.closed == null) {
      proxy.upstreamCloses();
    }
    String seen = proxy.client.output();
    proxy.end();
    return seen;
  }

  private static String mutate(String bytes, Random random) {
    StringBuilder mutant = new StringBuilder(bytes);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(mutant.length());
      String snippet = SNIPPETS.get(random.nextInt(SNIPPETS.size()));
      switch (random.nextInt(5)) {
        case 0 -> mutant.insert(at, snippet);
        case 1 -> mutant.replace(at, at + 1, snippet);
        case 2 -> mutant.deleteCharAt(at);
        case 3 -> insertLine(mutant, at, snippet);
        default -> mutant.setCharAt(at, (char) random.nextInt(256));
      }
    }
    return mutant.toString();
  }

  private static void insertLine(StringBuilder mutant, int from, String snippet) {
    int end = mutant.indexOf(CRLF, from);
    mutant.insert(end < 0 ? from : end + 2, snippet);
  }
}
