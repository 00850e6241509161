package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the proxy says of itself on a connection of HTTP/2, by option. */
class ForwardingTest {
  @Test
  void namesItself_withTheProtocolsVersionOrItsOwn() {
    assertThat(request("\"via\": \"edge\"")).contains("via: 2 edge");
    assertThat(request("\"via\": \"1.1 edge\"")).contains("via: 1.1 edge");
    assertThat(response("\"via\": \"edge\"")).contains("2 edge");
    assertThat(response("\"via\": \"1.1 edge\"")).contains("1.1 edge").doesNotContain("2 1.1");
  }

  @Test
  void repeatsTheRequestsId() {
    assertThat(response("\"always_set_request_id_in_response\": true", "x-request-id", "mine"))
        .contains("x-request-id")
        .contains("mine");
  }

  @Test
  void repeatsNoId_whenTheRequestHasNone() {
    assertThat(response("\"always_set_request_id_in_response\": true"))
        .doesNotContain("x-request-id");
  }

  @Test
  void appendsToTheAddressesBefore_andReplacesWhatAClientMadeUp() {
    String[] fields = {
      "x-forwarded-for",
      "1.1.1.1",
      "x-request-id",
      "mine",
      "x-forwarded-for",
      "2.2.2.2",
      "x-forwarded-proto",
      "gopher"
    };
    try (Rig rig = Rig.server("\"use_remote_address\": true, \"generate_request_id\": true")) {
      rig.feed(FrameBytes.none().get(1, "/", fields));
      assertThat(rig.requests.getFirst().fields().toString())
          .contains("x-forwarded-for: 1.1.1.1, 2.2.2.2, 192.0.2.1\n")
          .contains("x-forwarded-proto: http\n")
          .containsPattern("x-request-id: [0-9a-f]{8}-[0-9a-f]{4}-4")
          .doesNotContain("mine")
          .doesNotContain("gopher");
    }
  }

  @Test
  void aRefusedConnectNamesTheMethodsThatAreAllowed() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().head(1, true, ":method", "CONNECT", ":authority", "a:1"));
      assertThat(written(rig)).contains("GET, HEAD, POST");
      assertThat(rig.sent()).contains("HEADERS 1 end 405");
    }
  }

  private static String request(String config) {
    try (Rig rig = Rig.server(config)) {
      rig.feed(FrameBytes.none().get(1, "/"));
      return rig.requests.getFirst().fields().toString();
    }
  }

  /** The bytes of an answer; the codec writes text as it is. */
  private static String response(String config, String... fields) {
    try (Rig rig = Rig.server(config).answering()) {
      rig.feed(FrameBytes.none().get(1, "/", fields));
      return written(rig);
    }
  }

  private static String written(Rig rig) {
    return new String(rig.leg.recording().output(), StandardCharsets.ISO_8859_1);
  }
}
