package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that must reach no upstream, each with the status it is answered with. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class RefusedRequestTest {
  private static final String HOST = "Host: x\r\n";

  static Stream<Arguments> requestLines() {
    return Stream.of(
        line(400, "GET  / HTTP/1.1"),
        line(400, " GET / HTTP/1.1"),
        line(400, "\tGET / HTTP/1.1"),
        line(400, "GET / HTTP/1.1 "),
        line(400, "GET /"),
        line(400, "GET"),
        line(400, "GET / "),
        line(400, "GET /a b HTTP/1.1"),
        line(400, "GET\t/\tHTTP/1.1"),
        line(400, "G(T / HTTP/1.1"),
        line(400, "GET / http/1.1"),
        line(400, "GET / HTTP/1"),
        line(400, "GET / HTTP/"),
        line(400, "GET / HTTP/1.1.1"),
        line(400, "GET / HTTP/1,1"),
        line(400, "GET / HTTP/01.1"),
        line(400, "GET / HTTP/+1.1"),
        line(400, "GET / HTTX/1.1"),
        line(505, "GET / HTTP/2.0"),
        line(505, "GET / HTTP/3.0"),
        line(505, "GET / HTTP/0.9"),
        line(505, "GET / HTTP/9.9"),
        line(400, "GET * HTTP/1.1"),
        line(400, "OPTIONS *x HTTP/1.1"),
        line(400, "GET x HTTP/1.1"),
        line(400, "GET x.example:80 HTTP/1.1"),
        line(400, "GET ftp://x/ HTTP/1.1"),
        line(400, "GET http:///a HTTP/1.1"),
        line(400, "GET http://u@x/ HTTP/1.1"),
        line(400, "GET http://x:8a/ HTTP/1.1"),
        line(400, "GET /#a HTTP/1.1"),
        line(400, "GET /\u0000 HTTP/1.1"),
        line(400, "GET /\u007f HTTP/1.1"),
        line(400, "GET /\u00e9 HTTP/1.1"),
        line(400, "GET /a\rb HTTP/1.1"),
        line(400, "GET / HTTP/1.1\r"),
        line(405, "CONNECT x:443 HTTP/1.1"),
        line(400, "\u0016\u0003\u0001"));
  }

  @ParameterizedTest
  @MethodSource("requestLines")
  void refusesRequestLine(int status, String line) {
    refuses(status, line + "\r\n" + HOST + "\r\n");
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        line(400, "A : b"),
        line(400, "A\t: b"),
        line(400, ": b"),
        line(400, "A"),
        line(400, "A b: c"),
        line(400, "A(: b"),
        line(400, "\u00e9: b"),
        line(400, "A\u0000: b"),
        line(400, "A: b\r\n c"),
        line(400, "A: b\r\n\tc"),
        line(400, "A: b\rc"),
        line(400, "A: b\r\r"),
        line(400, "A: b\nB: c"),
        line(400, "A: \u0000"),
        line(400, "A: \u0001"),
        line(400, "A: \u0008"),
        line(400, "A: \u000b"),
        line(400, "A: \u000c"),
        line(400, "A: \u001f"),
        line(400, "A: 01234567\u007f"),
        line(400, "Host: y"),
        line(400, "Host: x"),
        line(400, "host: x"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void refusesField(int status, String field) {
    refuses(status, "GET / HTTP/1.1\r\n" + HOST + field + "\r\n\r\n");
    refuses(status, "GET / HTTP/1.1\r\n" + field + "\r\n" + HOST + "\r\n");
  }

  static Stream<Arguments> hosts() {
    return Stream.of(
        line(400, "A: b"),
        line(400, "Host: a b"),
        line(400, "Host: a/b"),
        line(400, "Host: a?b"),
        line(400, "Host: a@b"),
        line(400, "Host: a,b"),
        line(400, "Host: a\\b"),
        line(400, "Host: a:b"),
        line(400, "Host: a:8:8"),
        line(400, "Host: :80"),
        line(400, "Host: [::1"),
        line(400, "Host: [::1]x"),
        line(400, "Host: a[::1]"),
        line(400, "Host: \u00e9"),
        line(400, "Host: http://a"));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void refusesHost(int status, String field) {
    refuses(status, "GET / HTTP/1.1\r\n" + field + "\r\n\r\n");
  }

  static Stream<Arguments> framings() {
    return Stream.of(
        line(400, "Content-Length: "),
        line(400, "Content-Length: +3"),
        line(400, "Content-Length: -3"),
        line(400, "Content-Length: 0x3"),
        line(400, "Content-Length: 3,3"),
        line(400, "Content-Length: 3, 3"),
        line(400, "Content-Length: 3 3"),
        line(400, "Content-Length: 3_0"),
        line(400, "Content-Length: 3.0"),
        line(400, "Content-Length: 9223372036854775808"),
        line(400, "Content-Length: 18446744073709551616"),
        line(400, "Content-Length: 99999999999999999999999"),
        line(400, "Content-Length: 3\r\nContent-Length: 3"),
        line(400, "Content-Length: 3\r\nContent-Length: 4"),
        line(400, "Content-Length: 0\r\nContent-Length: 3"),
        line(400, "Transfer-Encoding: chunked\r\nContent-Length: 3"),
        line(400, "Content-Length: 3\r\nTransfer-Encoding: chunked"),
        line(400, "Transfer-Encoding: "),
        line(400, "Transfer-Encoding: xchunked"),
        line(400, "Transfer-Encoding: chunkedx"),
        line(400, "Transfer-Encoding: identity"),
        line(400, "Transfer-Encoding: gzip"),
        line(400, "Transfer-Encoding: chunked, gzip"),
        line(400, "Transfer-Encoding: chunked, chunked"),
        line(400, "Transfer-Encoding: chunked, identity"),
        line(400, "Transfer-Encoding: chunked,"),
        line(400, "Transfer-Encoding: ,chunked chunked"),
        line(501, "Transfer-Encoding: gzip, chunked"),
        line(501, "Transfer-Encoding: gzip,chunked"),
        line(400, "Transfer-Encoding: gzip chunked"),
        line(400, "Transfer-Encoding: \"chunked\""),
        line(400, "Transfer-Encoding: chunked;q=1"),
        line(400, "Transfer-Encoding: chunked\u00a0"),
        line(400, "Transfer-Encoding: \u0085chunked"),
        line(400, "Transfer-Encoding: \u000bchunked"),
        line(400, "Transfer-Encoding: chunked\u000c"),
        line(400, "Transfer-Encoding: \u00ffchunked"),
        line(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        line(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
        line(400, "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
        line(400, "Transfer-Encoding : chunked"),
        line(400, "Transfer-Encoding: chunked\r\n\tx"),
        line(400, "Content-Length\u000b: 3"));
  }

  @ParameterizedTest
  @MethodSource("framings")
  void refusesFraming(int status, String fields) {
    refuses(
        status,
        "POST / HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n");
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void refusesWhatIsTooLarge(int status, String bytes) {
    Limits limits = new Limits(1000, 5, 100, 100, 10, 20, 2);
    refuses(TestPlans.with(limits), status, bytes);
  }

  static Stream<Arguments> tooMuch() {
    String start = "GET / HTTP/1.1\r\nHost: x\r\n";
    return Stream.of(
        line(414, "GET /" + "a".repeat(100) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        line(414, "GET /" + "a".repeat(1000)),
        line(414, "a".repeat(1001)),
        line(431, start + "A: " + "b".repeat(1000) + "\r\n\r\n"),
        line(431, start + "A: " + "b".repeat(1000)),
        line(431, start + "A: b\r\n".repeat(5) + "\r\n"),
        line(431, start + "A: b\r\n".repeat(5)),
        line(431, start + "Connection: " + "a,".repeat(101) + "\r\n\r\n"));
  }

  @Test
  void answersAHeadThatIsTooLargeAsItsOwnMethodWants_notAsTheLastOne() {
    Limits limits = new Limits(1000, 100, 100, 100, 10, 20, 2);
    String large = " / HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(1000) + "\r\n\r\n";
    assertThat(second(limits, "HEAD", "GET" + large))
        .startsWith("HTTP/1.1 431 ")
        .doesNotEndWith("\r\n\r\n");
    assertThat(second(limits, "GET", "HEAD" + large))
        .startsWith("HTTP/1.1 431 ")
        .endsWith("\r\n\r\n");
  }

  /** The answer to the second request of a connection. */
  private static String second(Limits limits, String firstMethod, String bytes) {
    Proxy proxy = new Proxy(TestPlans.with(limits));
    proxy.request(firstMethod + " / HTTP/1.1\r\nHost: x\r\n\r\n");
    proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.takeOutput()).startsWith("HTTP/1.1 200 ");
    proxy.request(bytes);
    String answer = proxy.client.takeOutput();
    proxy.end();
    return answer;
  }

  @ParameterizedTest
  @MethodSource("oldVersion")
  void refusesCodingsOfHttp10(int status, String bytes) {
    refuses(status, bytes);
  }

  static Stream<Arguments> oldVersion() {
    return Stream.of(
        line(400, "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        line(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc"),
        line(400, "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"),
        line(400, "GET / HTTP/\r\n\r\n"),
        line(400, "GET / HTTP/1\r\n\r\n"),
        line(400, "GET /\r\n\r\n"),
        line(400, "GET\r\n\r\n"),
        line(400, "GET / HTTP/1.1\nHost: x\n\n"),
        line(400, "GET / HTTP/1.1\nHost: x\n\r\n"),
        line(400, "GET / HTTP/1.1\r\nHost: x\n\n"),
        line(400, "GET / HTTP/1.1\r\nHost: x\r\n\n"),
        line(400, "\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        line(400, "\r\rGET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  }

  private static Arguments line(int status, String text) {
    return Arguments.of(status, text);
  }

  private static void refuses(int status, String bytes) {
    refuses(TestPlans.silent(), status, bytes);
  }

  private static void refuses(Http1Plan plan, int status, String bytes) {
    isRefused(status, new Proxy(plan).request(bytes));
    if (bytes.contains("\n\r\n") || bytes.contains("\n\n") || bytes.length() > 1000) {
      Proxy slow = new Proxy(plan);
      for (int i = 0; i < bytes.length() && slow.client.closed == null; i++) {
        slow.request(bytes.substring(i, i + 1));
      }
      isRefused(status, slow);
    }
  }

  private static void isRefused(int status, Proxy proxy) {
    assertThat(proxy.upstream.output()).isEmpty();
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 " + status + " ");
    assertThat(proxy.client.output()).contains("\r\nconnection: close\r\n");
    assertThat(proxy.client.output()).contains("content-type: text/plain\r\n");
    assertThat(proxy.client.closed).isNotNull();
    proxy.end();
  }
}
