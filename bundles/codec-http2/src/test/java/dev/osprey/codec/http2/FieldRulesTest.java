package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import org.junit.jupiter.api.Test;

/** The rules of RFC 9113 sections 8.2 and 8.3 octet by octet, on the way in and on the way out. */
class FieldRulesTest {
  private static boolean takes(String name, String value) {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/", name, value));
      return !rig.requests.isEmpty();
    }
  }

  private static boolean sends(String name, String value) {
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("GET");
      head.fields().add(name, value);
      rig.leg.request(head, true);
      return !rig.sent().isEmpty();
    }
  }

  private static boolean isForbiddenInNames(int octet) {
    return octet <= 0x20 || (octet >= 0x41 && octet <= 0x5a) || octet >= 0x7f || octet == ':';
  }

  @Test
  void refusesEveryOctetThatANameMayNotHave() {
    for (int octet = 0; octet <= 0xff; octet++) {
      String name = "a" + (char) octet + "b";
      if (isForbiddenInNames(octet)) {
        assertThat(takes(name, "v")).as("octet %d", octet).isFalse();
      }
      if (isForbiddenInNames(octet) && !Character.isUpperCase(octet)) {
        assertThat(sends(name, "v")).as("octet %d", octet).isFalse();
      }
    }
    assertThat(takes("a-b_c.1~", "v")).isTrue();
  }

  @Test
  void refusesWhatAValueMayNotHave_whereverItStands() {
    for (String octet : new String[] {"\0", "\n", "\r"}) {
      for (String value : new String[] {octet + "v", "v" + octet + "v", "v" + octet, octet}) {
        assertThat(takes("a", value)).isFalse();
        assertThat(sends("a", value)).isFalse();
      }
    }
    for (String space : new String[] {" ", "\t"}) {
      assertThat(takes("a", space + "v")).isFalse();
      assertThat(takes("a", "v" + space)).isFalse();
      assertThat(takes("a", space)).isFalse();
      assertThat(takes("a", "v" + space + "v")).isTrue();
    }
    assertThat(takes("a", "")).isTrue();
    assertThat(takes("a", "\u0080\u00ff")).isTrue();
  }

  @Test
  void sendsValuesWithoutTheSpaceAroundThem() {
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("GET");
      head.fields().add("a", " \tv w\t ");
      rig.leg.request(head, true);
      assertThat(rig.leg.recording().outputText()).endsWith("\1a\3v w");
    }
  }

  private static boolean takesHost(String scheme, String authority, String host) {
    try (Rig rig = Rig.server()) {
      rig.feed(
          FrameBytes.none()
              .head(
                  1,
                  true,
                  ":method",
                  "GET",
                  ":scheme",
                  scheme,
                  ":path",
                  "/",
                  ":authority",
                  authority,
                  "host",
                  host));
      if (!rig.requests.isEmpty()) {
        assertThat(rig.requests.getFirst().authority()).isEqualTo(authority);
        assertThat(rig.events().getFirst()).doesNotContain("host:");
      }
      return !rig.requests.isEmpty();
    }
  }

  @Test
  void comparesHostAndAuthorityAsTheSchemeHasThem() {
    assertThat(takesHost("http", "a", "a:80")).isTrue();
    assertThat(takesHost("http", "a:80", "A")).isTrue();
    assertThat(takesHost("http", "a:", "a")).isTrue();
    assertThat(takesHost("https", "a:443", "a")).isTrue();
    assertThat(takesHost("http", "[::1]:80", "[::1]")).isTrue();
    assertThat(takesHost("http", "a", "a:443")).isFalse();
    assertThat(takesHost("https", "a", "a:80")).isFalse();
    assertThat(takesHost("http", "a:80", "a:8080")).isFalse();
    assertThat(takesHost("http", "a", "b:80")).isFalse();
    assertThat(takesHost("http", "[::80]", "[:]")).isFalse();
  }

  @Test
  void writesTheAuthorityOfTheHead_andNoneWhereThereIsNone() {
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("GET");
      head.authority("named:81");
      head.fields().add("host", "other");
      rig.leg.request(head, true);
      assertThat(rig.leg.recording().outputText())
          .endsWith("\1" + "\10" + "named:81")
          .doesNotContain("other");
    }
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("OPTIONS");
      head.path("*");
      head.authority("");
      rig.leg.request(head, true);
      assertThat(rig.leg.recording().outputText()).endsWith("\2\7OPTIONS" + "\u0086" + "\4\1*");
    }
  }

  @Test
  void neverSendsUserinfo() {
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("GET");
      head.authority("user@a");
      rig.leg.request(head, true);
      assertThat(rig.sent()).isEmpty();
      assertThat(rig.events().getLast()).startsWith("reset 3 DOWNSTREAM PROTOCOL_ERROR");
    }
  }

  @Test
  void takesTheAsteriskForm_forOptionsOnly() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().head(1, true, FrameBytes.request("OPTIONS", "*")));
      assertThat(rig.requests.getFirst().path()).isEqualTo("*");
      rig.feed(FrameBytes.none().head(3, true, FrameBytes.request("OPTIONS", "")));
      rig.feed(FrameBytes.none().head(5, true, FrameBytes.request("GET", "*")));
      assertThat(rig.requests).hasSize(1);
    }
  }

  @Test
  void refusesConnectWithSchemeOrPath_andWithoutAuthority() {
    String[][] wrong = {
      {":method", "CONNECT", ":authority", "a:1", ":scheme", "http"},
      {":method", "CONNECT", ":authority", "a:1", ":path", "/"},
      {":method", "CONNECT"}
    };
    for (String[] head : wrong) {
      try (Rig rig = Rig.server()) {
        rig.feed(FrameBytes.none().head(1, true, head));
        assertThat(rig.sent()).contains("HEADERS 1 end 400", "RST_STREAM 1 PROTOCOL_ERROR");
      }
    }
  }

  @Test
  void removesWhatBelongsToAConnection_fromAnswersAndTrailersToo() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      ResponseHead head = new ResponseHead();
      head.status(200);
      addAll(head.fields());
      rig.leg.respond(1, head, false);
      Fields trailers = new Fields();
      addAll(trailers);
      rig.leg.trailers(1, trailers);
      assertThat(rig.sent()).containsExactly("HEADERS 1 200", "HEADERS 1 end trailers");
      assertThat(rig.leg.recording().outputText()).contains("x-kept").doesNotContain("gone");
    }
  }

  private static void addAll(Fields fields) {
    for (String name :
        new String[] {
          "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"
        }) {
      fields.add(name, "gone");
    }
    fields.add("X-Kept", "kept");
  }
}
