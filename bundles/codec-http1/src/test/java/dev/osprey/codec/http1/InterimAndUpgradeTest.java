package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interim responses, expectations, and switching to another protocol. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class InterimAndUpgradeTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String UPGRADE =
      "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Key: k\r\n\r\n";
  private static final String SWITCH =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: a\r\n\r\n";

  private final Proxy proxy = new Proxy(TestPlans.silent());

  @AfterEach
  void leaksNothing() {
    proxy.end();
  }

  @Test
  void passes100And103() {
    proxy.request(
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assertThat(proxy.upstream.takeOutput()).contains("Expect: 100-continue\r\n");
    proxy.response("HTTP/1.1 100 Continue\r\n\r\n");
    assertThat(proxy.client.takeOutput()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    proxy.request("ab");
    assertThat(proxy.upstream.takeOutput()).isEqualTo("ab");
    proxy.response("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 3\r\n\r\n");
    assertThat(proxy.client.takeOutput())
        .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.takeOutput()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  @Test
  void limitsInterimResponses() {
    proxy.request(GET).response("HTTP/1.1 102 Processing\r\n\r\n".repeat(16));
    assertThat(proxy.upstream.closed).isNull();
    proxy.client.takeOutput();
    proxy.response("HTTP/1.1 102 Processing\r\n\r\n");
    assertThat(proxy.upstream.closed).isNotNull();
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 502 ");
  }

  @Test
  void tunnels_whenTheUpstreamSwitches() {
    proxy.request(UPGRADE);
    assertThat(proxy.upstream.output())
        .isEqualTo(
            "GET /chat HTTP/1.1\r\nhost: x\r\nSec-WebSocket-Key: k\r\nx-forwarded-proto: http\r\n"
                + "connection: upgrade\r\nupgrade: websocket\r\n\r\n");
    proxy.client.receive("early");
    proxy.response(SWITCH + "hello");
    assertThat(proxy.client.output())
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: a\r\n"
                + "connection: upgrade\r\n\r\n");
    assertThat(proxy.client.tunnel).isTrue();
    assertThat(proxy.upstream.tunnel).isTrue();
    assertThat(proxy.upstream.in.readableBytes()).isEqualTo(5);
    assertThat(proxy.client.in.readableBytes()).isEqualTo(5);
    assertThat(proxy.client.closed).isNull();
    assertThat(proxy.upstream.closed).isNull();
  }

  @Test
  void goesOnWithHttp_whenTheUpstreamDoesNotSwitch() {
    proxy.request(UPGRADE + GET).response("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    assertThat(proxy.client.takeOutput()).endsWith("\r\n\r\nno");
    proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assertThat(proxy.client.takeOutput()).endsWith("\r\n\r\nok");
    assertThat(proxy.client.tunnel).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n",
        "HTTP/1.1 101 a\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 a\r\nConnection: upgrade\r\n\r\n"
      })
  void refusesASwitchNobodyAskedFor(String answer) {
    proxy.request(UPGRADE).response(answer);
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 502 ");
    assertThat(proxy.upstream.closed).isNotNull();
    assertThat(proxy.upstream.tunnel).isFalse();
  }

  @Test
  void refusesASwitch_whileTheRequestIsIncomplete() {
    proxy.request(UPGRADE.replace("Host: x", "Host: x\r\nContent-Length: 3")).response(SWITCH);
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 502 ");
    assertThat(proxy.client.tunnel).isFalse();
  }
}
