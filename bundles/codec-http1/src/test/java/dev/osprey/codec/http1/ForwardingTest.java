package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.Forwarding;
import dev.osprey.http.common.Forwarding.ServerHeader;
import org.junit.jupiter.api.Test;

/** What the proxy says of itself, by option. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class ForwardingTest {
  private static final String UUID =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  @Test
  void addsAddressSchemeAndId_byDefault() {
    String sent = forward(Forwarding.DEFAULTS, "A: b\r\n");
    assertThat(sent)
        .matches(
            "GET / HTTP/1.1\r\nhost: x\r\nA: b\r\nx-forwarded-for: 192.0.2.7\r\n"
                + "x-forwarded-proto: http\r\nx-request-id: "
                + UUID
                + "\r\n\r\n");
    assertThat(forward(Forwarding.DEFAULTS, "A: b\r\n")).isNotEqualTo(sent);
  }

  @Test
  void appendsToTheAddressesBefore_andReplacesWhatAClientMadeUp() {
    assertThat(
            forward(
                Forwarding.DEFAULTS,
                "X-Forwarded-For: 1.1.1.1\r\nX-Request-Id: mine\r\nB: c\r\n"
                    + "x-forwarded-for: 2.2.2.2, 3.3.3.3\r\nX-Forwarded-Proto: gopher\r\n"))
        .contains("\r\nx-forwarded-proto: http\r\n")
        .contains("\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3, 192.0.2.7\r\n")
        .contains("\r\nB: c\r\n")
        .doesNotContain("mine")
        .doesNotContain("gopher")
        .containsPattern("x-request-id: " + UUID);
  }

  @Test
  void recordsTheAddress_evenIfAClientTriesToHaveItRemoved() {
    assertThat(
            forward(
                Forwarding.DEFAULTS,
                "Connection: X-Forwarded-For, x-request-id\r\nX-Forwarded-For: 1.1.1.1\r\n"))
        .contains("\r\nx-forwarded-for: 192.0.2.7\r\n")
        .contains("\r\nx-request-id: ");
  }

  @Test
  void recordsSchemeAndId_alsoBehindATrustedHopWhoseClientTriesToHaveThemRemoved() {
    Forwarding hop =
        new Forwarding(true, 1, true, "", true, true, false, "", ServerHeader.PASS_THROUGH, false);
    assertThat(
            forward(
                hop,
                "Connection: x-forwarded-proto, x-request-id\r\nX-Forwarded-Proto: https\r\n"
                    + "X-Request-Id: mine\r\n"))
        .contains("\r\nx-forwarded-proto: http\r\n")
        .containsPattern("\r\nx-request-id: " + UUID);
  }

  @Test
  void believesATrustedHop() {
    Forwarding hop =
        new Forwarding(true, 1, true, "", true, true, false, "", ServerHeader.PASS_THROUGH, false);
    assertThat(
            forward(
                hop, "X-Forwarded-Proto: https\r\nX-Request-Id: mine\r\nX-Forwarded-For: a\r\n"))
        .contains("X-Forwarded-Proto: https\r\n")
        .contains("X-Request-Id: mine\r\n")
        .contains("X-Forwarded-For: a\r\n")
        .doesNotContain("192.0.2.7");
  }

  @Test
  void namesItself_inBothDirections() {
    Forwarding named =
        new Forwarding(
            false, 0, false, "edge", false, true, false, "s", ServerHeader.OVERWRITE, true);
    Proxy proxy = proxy(named);
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\nVia: 1.0 a\r\n\r\n");
    assertThat(proxy.upstream.output()).contains("Via: 1.0 a\r\n").contains("via: 1.1 edge\r\n");
    proxy.response(
        "HTTP/1.1 200 OK\r\nServer: up\r\nX-Osprey-Codec: lie\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.output())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\nserver: s\r\nvia: 1.1 edge\r\nx-osprey-codec: http1/1.2.3\r\n"
                + "content-length: 0\r\n\r\n");
    proxy.end();
  }

  @Test
  void namesTheServer_onlyWhereThereIsNone() {
    Forwarding absent =
        new Forwarding(
            false, 0, false, "", false, true, false, "s", ServerHeader.APPEND_IF_ABSENT, false);
    Proxy proxy = proxy(absent);
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    proxy.response("HTTP/1.1 200 OK\r\nServer: up\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.takeOutput()).contains("Server: up\r\n").doesNotContain("server: s");
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.takeOutput()).contains("server: s\r\n");
    proxy.end();
  }

  @Test
  void repeatsTheRequestsId_alsoWhenTheCodecMovesBetween() {
    Forwarding repeated =
        new Forwarding(true, 0, false, "", true, true, true, "", ServerHeader.OVERWRITE, false);
    Proxy proxy = proxy(repeated);
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\n\r\n");
    proxy.moveTo(TestPlans.foreign());
    proxy.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.takeOutput()).contains("x-request-id: mine\r\n");
    proxy.end();
  }

  private static String forward(Forwarding forwarding, String fields) {
    Proxy proxy = proxy(forwarding).request("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    String sent = proxy.upstream.output();
    proxy.end();
    return sent;
  }

  private static Proxy proxy(Forwarding forwarding) {
    return new Proxy(
        TestPlans.plan(new Http1Config(Limits.DEFAULTS, forwarding, true, "", true, false)));
  }
}
