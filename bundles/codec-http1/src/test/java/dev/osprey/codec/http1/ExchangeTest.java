package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ordinary exchanges through both roles, as bytes. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class ExchangeTest {
  private final Proxy proxy = new Proxy(TestPlans.silent());

  @AfterEach
  void leaksNothing() {
    proxy.end();
  }

  @Test
  void forwardsGet_andItsAnswer() {
    proxy.request("GET /a?b=c HTTP/1.1\r\nHost: x.example\r\nAccept: */*\r\nUser-Agent: t\r\n\r\n");
    assertThat(proxy.upstream.takeOutput())
        .isEqualTo(
            "GET /a?b=c HTTP/1.1\r\nhost: x.example\r\nAccept: */*\r\nUser-Agent: t\r\n"
                + "x-forwarded-proto: http\r\n\r\n");
    proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok");
    assertThat(proxy.client.takeOutput())
        .isEqualTo("HTTP/1.1 200 OK\r\nX-A: b\r\ncontent-length: 2\r\n\r\nok");
    assertThat(proxy.client.closed).isNull();
    assertThat(proxy.upstream.closed).isNull();
    assertThat(proxy.serverIsAtRest()).isTrue();
    assertThat(proxy.clientIsAtRest()).isTrue();
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  @Test
  void streamsBodies_byLengthAndInChunks() {
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234");
    assertThat(proxy.upstream.takeOutput())
        .isEqualTo(
            "POST / HTTP/1.1\r\n"
                + "host: x\r\n"
                + "x-forwarded-proto: http\r\n"
                + "content-length: 10\r\n\r\n"
                + "01234");
    proxy.request("56789");
    assertThat(proxy.upstream.takeOutput()).isEqualTo("56789");
    proxy.response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\\\"\"\r\nabc\r\n");
    assertThat(proxy.client.takeOutput())
        .isEqualTo("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
    proxy.response("10\r\n0123456789abcdef\r\n0\r\n\r\n");
    assertThat(proxy.client.takeOutput()).isEqualTo("10\r\n0123456789abcdef\r\n0\r\n\r\n");
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      all.append("GET /" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    proxy.request(all.toString());
    for (int i = 0; i < 12; i++) {
      assertThat(proxy.upstream.takeOutput()).startsWith("GET /" + i + " HTTP/1.1\r\n");
      proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (10 + i));
      assertThat(proxy.client.takeOutput()).endsWith("\r\n\r\n" + (10 + i));
    }
    assertThat(proxy.serverIsAtRest()).isTrue();
  }
}
