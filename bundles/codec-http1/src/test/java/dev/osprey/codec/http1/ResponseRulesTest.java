package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream may answer, and what becomes of it at the client. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class ResponseRulesTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  /** An answer with a field of that many bytes. */
  private static String ok(int bytes, String lengthName) {
    return OK + "A: " + "x".repeat(bytes) + "\r\n" + lengthName + ": 2\r\n\r\nok";
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        kept(GET, OK + "Content-Length: 0\r\n\r\n", OK + "content-length: 0\r\n\r\n"),
        kept(GET, OK + "Content-Length: 2\r\n\r\nok", OK + "content-length: 2\r\n\r\nok"),
        kept(
            GET,
            "HTTP/1.1 200 Fine\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 Fine\r\ncontent-length: 0\r\n\r\n"),
        kept(GET, ok(1000, "Content-Length"), ok(1000, "content-length")),
        kept(GET, ok(1500, "Content-Length"), ok(1500, "content-length")),
        kept(GET, ok(5000, "Content-Length"), ok(5000, "content-length")),
        kept(
            GET,
            OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            OK + "transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        kept(
            GET,
            OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n",
            OK + "transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n"),
        kept(HEAD, OK + "Content-Length: 2\r\n\r\n", OK + "content-length: 2\r\n\r\n"),
        kept(HEAD, OK + "Transfer-Encoding: chunked\r\n\r\n", OK + "\r\n"),
        kept(HEAD, OK + "\r\n", OK + "\r\n"),
        kept(
            GET,
            "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n"),
        kept(
            GET,
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\ncontent-length: 5\r\n\r\n"),
        kept(GET, "HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n"),
        kept(
            GET,
            "HTTP/1.1 999 \u00e9t\u00e9\tx\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 999 \u00e9t\u00e9\tx\r\ncontent-length: 0\r\n\r\n"),
        kept(
            GET,
            "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
        kept(
            GET,
            "HTTP/1.1 499 \r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 499 \r\ncontent-length: 0\r\n\r\n"),
        kept(
            GET,
            OK
                + "Connection: x-priv\r\n"
                + "X-Priv: 1\r\n"
                + "Keep-Alive: 2\r\n"
                + "Upgrade: h2c\r\n"
                + "Server: s\r\n"
                + "Date: d\r\n"
                + "Set-Cookie: a\r\n"
                + "Set-Cookie: b\r\n"
                + "Trailer: t\r\n"
                + "Content-Length: 0\r\n\r\n",
            OK
                + "Server: s\r\n"
                + "Date: d\r\n"
                + "Set-Cookie: a\r\n"
                + "Set-Cookie: b\r\n"
                + "content-length: 0\r\n\r\n"),
        kept(
            GET,
            "HTTP/1.1 426 Upgrade Required\r\n"
                + "Connection: upgrade\r\n"
                + "Upgrade: a/1\r\n"
                + "Content-Length: 0\r\n\r\n",
            "HTTP/1.1 426 Upgrade Required\r\n"
                + "Upgrade: a/1\r\n"
                + "content-length: 0\r\n"
                + "connection: upgrade\r\n\r\n"),
        kept(
            GET,
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
            OK + "content-length: 2\r\n\r\nok"),
        gone(
            GET,
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            OK + "content-length: 2\r\n\r\nok"),
        gone(
            GET,
            OK + "Connection: Close\r\nContent-Length: 2\r\n\r\nok",
            OK + "content-length: 2\r\n\r\nok"),
        gone(
            GET,
            OK + "Connection: a, close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            OK + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        gone(HEAD, OK + "Connection: close\r\n\r\n", OK + "\r\n"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void forwardsAnswer(String request, String answer, String forwarded, boolean kept) {
    Proxy proxy = new Proxy(TestPlans.silent()).request(request).response(answer);
    assertThat(proxy.client.takeOutput()).isEqualTo(forwarded);
    assertThat(proxy.client.closed).isNull();
    assertThat(proxy.serverIsAtRest()).isTrue();
    assertThat(proxy.vacancies()).isEqualTo(kept ? 1 : 0);
    assertThat(proxy.upstream.closed == null).isEqualTo(kept);
    proxy.end();
  }

  @ParameterizedTest
  @MethodSource("surplus")
  void keepsSurplusFromTheClient_andClosesTheUpstream(
      String request, String answer, String forwarded) {
    Proxy proxy = new Proxy(TestPlans.silent()).request(request + GET);
    proxy.response(answer + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    assertThat(proxy.client.output()).startsWith(forwarded);
    assertThat(proxy.client.output()).doesNotContain("evil");
    assertThat(proxy.upstream.closed).isNotNull();
    assertThat(proxy.vacancies()).isZero();
    proxy.end();
  }

  static Stream<Arguments> surplus() {
    return Stream.of(
        Arguments.of(GET, OK + "Content-Length: 2\r\n\r\nok", OK + "content-length: 2\r\n\r\nok"),
        Arguments.of(HEAD, OK + "Content-Length: 4\r\n\r\n", OK + "content-length: 4\r\n\r\n"),
        Arguments.of(GET, "HTTP/1.1 204 a\r\n\r\n", "HTTP/1.1 204 a\r\n\r\n"),
        Arguments.of(GET, "HTTP/1.1 304 a\r\n\r\n", "HTTP/1.1 304 a\r\n\r\n"),
        Arguments.of(
            GET,
            OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            OK + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"));
  }

  @Test
  void closesAnIdleUpstream_thatSpeaksUnasked() {
    Proxy proxy = new Proxy(TestPlans.silent());
    proxy.response("HTTP/1.1 408 Request Timeout\r\n\r\n");
    assertThat(proxy.upstream.closed).isNotNull();
    assertThat(proxy.vacancies()).isZero();
    assertThat(proxy.client.output()).isEmpty();
    proxy.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: \u0007\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 O\0K\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "garbage",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
      })
  void makesABrokenHeadA502(String answer) {
    Proxy proxy = new Proxy(TestPlans.silent()).request(GET).response(answer);
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
    assertThat(proxy.client.closed).isNull();
    assertThat(proxy.upstreamReset).isNotNull();
    assertThat(proxy.upstreamReset.reason()).isEqualTo(Reset.Reason.PROTOCOL_ERROR);
    assertThat(proxy.upstreamReset.retryable()).isFalse();
    assertThat(proxy.upstream.closed).isNotNull();
    proxy.end();
  }

  @Test
  void makesAHeadBeyondTheLimitsA502() {
    Http1Plan plan = TestPlans.with(new Limits(300, 5, 100, 100, 10, 20, 2));
    Proxy proxy = new Proxy(plan).request(GET).response(OK + "A: " + "b".repeat(300));
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 502 ");
    proxy.end();
    proxy = new Proxy(plan).request(GET).response(OK + "A: b\r\n".repeat(6) + "\r\n");
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 502 ");
    proxy.end();
  }

  @Test
  void endsABodyWithoutLength_withTheConnection() {
    Proxy proxy = new Proxy(TestPlans.silent()).request(GET).response("HTTP/1.1 200 OK\r\n\r\nabc");
    assertThat(proxy.client.takeOutput())
        .isEqualTo(OK + "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
    proxy.response("de").upstreamCloses();
    assertThat(proxy.client.takeOutput()).isEqualTo("2\r\nde\r\n0\r\n\r\n");
    assertThat(proxy.client.closed).isNull();
    assertThat(proxy.upstream.closed).isNotNull();
    proxy.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 9\r\n\r\nabc",
        "Content-Length: 9\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n9\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n"
      })
  void showsTruncation(String rest) {
    Proxy proxy = new Proxy(TestPlans.silent()).request(GET).response(OK + rest).upstreamCloses();
    assertThat(proxy.upstreamReset).isNotNull();
    assertThat(proxy.upstreamReset.reason()).isEqualTo(Reset.Reason.TRUNCATED);
    assertThat(proxy.client.output()).startsWith(OK).doesNotContain("0\r\n\r\n");
    assertThat(proxy.client.closed).isNotNull();
    proxy.end();
  }

  @Test
  void showsABrokenChunkAsTruncation() {
    Proxy proxy = new Proxy(TestPlans.silent()).request(GET);
    proxy.response(OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n");
    assertThat(proxy.client.output()).endsWith("3\r\nabc\r\n");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.closed).isNotNull();
    proxy.end();
  }

  @Test
  void letsAnIdempotentRequestBeRetried_onlyOnAConnectionThatWasUsed() {
    assertThat(lostAfter(GET, "", false)).isFalse();
    assertThat(lostAfter(GET, "", true)).isTrue();
    assertThat(lostAfter(HEAD, "", true)).isTrue();
    assertThat(lostAfter(GET, "H", true)).isFalse();
    assertThat(lostAfter(GET, "HTTP/1.1 103 a\r\n\r\n", true)).isFalse();
    assertThat(lostAfter("POST / HTTP/1.1\r\nHost: x\r\n\r\n", "", true)).isFalse();
    assertThat(lostAfter("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", "", true))
        .isFalse();
    assertThat(lostAfter("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", "", true))
        .isTrue();
  }

  private static boolean lostAfter(String request, String bytes, boolean used) {
    Proxy proxy = new Proxy(TestPlans.silent());
    if (used) {
      proxy.request(GET).response(OK + "Content-Length: 0\r\n\r\n");
    }
    proxy.request(request).response(bytes).upstreamCloses();
    assertThat(proxy.upstreamReset).isNotNull();
    assertThat(proxy.client.output()).contains("HTTP/1.1 502 ");
    proxy.end();
    return proxy.upstreamReset.retryable();
  }

  private static Arguments kept(String request, String answer, String forwarded) {
    return Arguments.of(request, answer, forwarded, true);
  }

  private static Arguments gone(String request, String answer, String forwarded) {
    return Arguments.of(request, answer, forwarded, false);
  }
}
