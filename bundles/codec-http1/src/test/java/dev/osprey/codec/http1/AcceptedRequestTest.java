package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that must work, each with what the upstream sees of it. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class AcceptedRequestTest {
  private static final String PROTO = "x-forwarded-proto: http\r\n";

  static Stream<Arguments> heads() {
    return Stream.of(
        pair("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair("GET / HTTP/1.2\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair("GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nhost: \r\n" + PROTO),
        pair("GET / HTTP/1.1\r\nhOsT:x\r\n\r\n", "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: [::1]:80\r\n" + PROTO),
        pair(
            "GET http://a.example:81/b?c HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /b?c HTTP/1.1\r\nhost: a.example:81\r\n" + PROTO),
        pair("GET HTTP://a HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nhost: a\r\n" + PROTO),
        pair(
            "GET https://a?b HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /?b HTTP/1.1\r\nhost: a\r\n" + PROTO),
        pair(
            "OPTIONS http://a HTTP/1.1\r\nHost: x\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nhost: a\r\n" + PROTO),
        pair("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "m!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nHost: x\r\n\r\n",
            "m!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nx-lower-CASE:\t \tb\tc \t\r\nHost: x\r\nEmpty:\r\nEmpty2: \r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nx-lower-CASE: b\tc\r\nEmpty: \r\nEmpty2: \r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nHost: x\r\nA: \u00e9\u00ff\u0080 \"';\r\nA: 2\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nA: \u00e9\u00ff\u0080 \"';\r\nA: 2\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Connection: close, X-Priv ,TE\r\n"
                + "X-PRIV: 1\r\n"
                + "TE: gzip\r\n"
                + "Keep-Alive: 1\r\n"
                + "Proxy-Connection: keep-alive\r\n"
                + "X-Priva: 2\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nX-Priva: 2\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\n"
                + "Connection: a\r\n"
                + "Connection: b, Host\r\n"
                + "Host: x\r\n"
                + "A: 1\r\n"
                + "B: 2\r\n"
                + "C: 3\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nC: 3\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c, websocket\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n"
                + PROTO
                + "connection: upgrade\r\nupgrade: websocket\r\n"),
        pair("GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nhost: \r\n" + PROTO),
        pair(
            "GET / HTTP/1.0\r\n"
                + "Host: x\r\n"
                + "Expect: 100-continue\r\n"
                + "Connection: Upgrade\r\n"
                + "Upgrade: a\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\nExpect: 100-continue\r\n"
                + PROTO
                + "content-length: 3\r\n"),
        pair(
            "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\n" + PROTO + "content-length: 0\r\n"),
        pair(
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n" + PROTO),
        pair(
            "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\nX-Forwarded-Proto: https\r\n"));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void forwardsHead(String request, String forwarded) {
    Proxy proxy = new Proxy(TestPlans.silent()).request(request);
    assertThat(proxy.upstream.output()).isEqualTo(forwarded + "\r\n");
    proxy.end();
  }

  static Stream<Arguments> bodies() {
    String length = "content-length: 5\r\n\r\n";
    String chunked = "transfer-encoding: chunked\r\n\r\n";
    return Stream.of(
        body("Content-Length: 5\r\n\r\nabcde", length + "abcde"),
        body("Content-Length: 005\r\n\r\nabcde", length + "abcde"),
        body("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", chunked + "0\r\n\r\n"),
        body("Transfer-Encoding:\tChunked \r\n\r\n0\r\n\r\n", chunked + "0\r\n\r\n"),
        body(
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            chunked + "3\r\nabc\r\n0\r\n\r\n"),
        body(
            "Transfer-Encoding: chunked\r\n\r\n00000003\r\nabc\r\n000\r\n\r\n",
            chunked + "3\r\nabc\r\n0\r\n\r\n"),
        body(
            "Transfer-Encoding: chunked\r\n\r\n"
                + "3;a;b=c;d=\"e\\\";\"\r\n"
                + "abc\r\n"
                + "A ; x\r\n"
                + "0123456789\r\n"
                + "0;z\r\n\r\n",
            chunked + "3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n"),
        body(
            "Transfer-Encoding: chunked\r\nTrailer: t\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\nHost: y\r\n"
                + "Content-Length: 7\r\nU:2\r\n\r\n",
            "Trailer: t\r\n" + PROTO + chunked + "3\r\nabc\r\n0\r\nT: 1\r\nU: 2\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void forwardsBody(String rest, String forwarded) {
    String tail = forwarded.startsWith("Trailer") ? forwarded : PROTO + forwarded;
    for (String method : new String[] {"POST", "GET", "DELETE", "HEAD"}) {
      Proxy proxy = new Proxy(TestPlans.silent());
      proxy.request(method + " / HTTP/1.1\r\nHost: x\r\n" + rest);
      assertThat(proxy.upstream.output()).isEqualTo(method + " / HTTP/1.1\r\nhost: x\r\n" + tail);
      proxy.response("HTTP/1.1 204 No Content\r\n\r\n");
      assertThat(proxy.serverIsAtRest()).isTrue();
      assertThat(proxy.vacancies()).isEqualTo(1);
      proxy.end();
    }
  }

  static Stream<String> brokenChunks() {
    return Stream.of(
        "+3\r\nabc\r\n",
        "-3\r\nabc\r\n",
        "0x3\r\nabc\r\n",
        "3_0\r\nabc\r\n",
        " 3\r\nabc\r\n",
        "3 \r\nabc\r\n",
        "3 3\r\nabc\r\n",
        "\r\n",
        ";a\r\nabc\r\n",
        "g\r\nabc\r\n",
        "3\nabc\r\n",
        "3\rabc\r\n",
        "3;a\nabc\r\n",
        "3;\u0000\r\nabc\r\n",
        "3;a=\"\r\nabc\r\n",
        "3;a=\"\n\"\r\nabc\r\n",
        "3\r\nabcd\r\n",
        "3\r\nab\r\n0\r\n",
        "3\r\nabc0\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "3\r\nabc\rx0\r\n\r\n",
        "8000000000000000\r\nabc",
        "10000000000000000\r\nabc",
        "fffffffffffffffff\r\nabc",
        "0".repeat(65) + "3\r\nabc",
        "3;" + "a".repeat(1025) + "\r\nabc\r\n",
        "0\r\nA : b\r\n\r\n",
        "0\r\nA: b\nC: d\r\n\r\n",
        "0\r\n b\r\n\r\n",
        "0\r\nA: \u0000\r\n\r\n",
        "0\r\n\n",
        "0\n\r\n",
        "0\r\nA: " + "b".repeat(20_000) + "\r\n\r\n",
        "0\r\nA: " + "b".repeat(20_000),
        "0\r\n" + "A: b\r\n".repeat(101) + "\r\n");
  }

  @ParameterizedTest
  @MethodSource("brokenChunks")
  void endsTheExchange_whenChunksAreBroken(String body) {
    Proxy proxy = new Proxy(TestPlans.silent());
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 4");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.output()).doesNotContain("\r\n0\r\n");
    assertThat(proxy.upstream.closed).isNotNull();
    proxy.end();
  }

  @Test
  void limitsAllExtensionsOfAMessage() {
    Proxy proxy = new Proxy(TestPlans.with(new Limits(1000, 5, 100, 100, 10, 25, 2)));
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    proxy.request("1;12345678\r\na\r\n1;12345678\r\na\r\n");
    assertThat(proxy.client.closed).isNull();
    proxy.request("1;12345678\r\na\r\n");
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 413 ");
    proxy.end();
  }

  @Test
  void takesTargetsOf8000Octets_andRefusesNoneOfManyFields() {
    String target = "/" + "a".repeat(7999);
    Proxy proxy = new Proxy(TestPlans.silent());
    proxy.request("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(99) + "\r\n");
    assertThat(proxy.upstream.output()).startsWith("GET " + target + " HTTP/1.1\r\n");
    proxy.end();
  }

  @Test
  void dropsTrailers_whenTheyAreNotEnabled() {
    Http1Config usual = TestPlans.silent().config();
    Proxy proxy =
        new Proxy(
            TestPlans.plan(
                new Http1Config(usual.limits(), usual.forwarding(), true, "", false, false)));
    proxy.request(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\n\r\n");
    assertThat(proxy.upstream.output()).endsWith("\r\n\r\n0\r\n\r\n");
    proxy.end();
  }

  @Test
  void letsChunkedWin_whenAllowed_andClosesAfterwards() {
    Http1Config usual = TestPlans.silent().config();
    Proxy proxy =
        new Proxy(
            TestPlans.plan(
                new Http1Config(usual.limits(), usual.forwarding(), true, "", true, true)));
    proxy.request(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(proxy.upstream.takeOutput()).doesNotContain("content-length");
    proxy.response("HTTP/1.1 204 No Content\r\n\r\n");
    assertThat(proxy.client.output()).contains("connection: close\r\n");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.output()).isEmpty();
    proxy.end();
  }

  private static Arguments pair(String request, String forwarded) {
    return Arguments.of(request, forwarded);
  }

  private static Arguments body(String rest, String forwarded) {
    return Arguments.of(rest, forwarded);
  }
}
