package dev.osprey.access.log;

import static dev.osprey.access.log.Lines.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.Reset;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperatorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          %START_TIME%                                    | 2025-12-31T23:59:59.042Z
          %START_TIME(%Y/%m/%dT%H:%M:%S%z %s)%            | 2025/12/31T23:59:59+0000 1767225599
          %START_TIME(%s.%3f)%                            | 1767225599.042
          %START_TIME(%f/%1f/%6f)%                        | 042000000/0/042000
          %START_TIME(%d %b %y %a %B %A %e %I%p %j %%)%   | 31 Dec 25 Wed December Wednesday 31 11PM 365 %
          %START_TIME(%F %T %R %D %Z)%                    | 2025-12-31 23:59:59 23:59 12/31/25 UTC
          %PROTOCOL%                                      | HTTP/1.1
          %RESPONSE_CODE%                                 | 200
          %RESPONSE_CODE_DETAILS%                         | via_upstream
          %RESPONSE_FLAGS%                                | -
          %BYTES_RECEIVED%/%BYTES_SENT%                   | 12/3456
          %DURATION%                                      | 45
          %REQUEST_DURATION%                              | 1
          %RESPONSE_DURATION%                             | 20
          %RESPONSE_TX_DURATION%                          | 25
          %REQ(:METHOD)%                                  | GET
          %REQ(:PATH)%                                    | /a?b=c
          %REQ(:AUTHORITY):7%                             | example
          %REQ(:SCHEME)%                                  | http
          %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%              | /a?b=c
          %REQ(X-A?X-B)%                                  | first
          %REQ(X-NONE?x-a):3%                             | fir
          %REQ(X-NONE)%                                   | -
          %RESP(:STATUS)%                                 | 200
          %RESP(SERVER)%                                  | up
          %UPSTREAM_HOST%                                 | 10.0.0.7:9000
          %UPSTREAM_REMOTE_PORT%                          | 9000
          %UPSTREAM_CLUSTER%                              | backend
          %ROUTE_NAME%                                    | main
          %DOWNSTREAM_REMOTE_ADDRESS%                     | 127.0.0.1:54321
          %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%        | 127.0.0.1
          %DOWNSTREAM_DIRECT_REMOTE_ADDRESS%              | 127.0.0.1:54321
          %DOWNSTREAM_LOCAL_ADDRESS%                      | [::1]:8080
          %DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%         | ::1
          %DOWNSTREAM_LOCAL_PORT%                         | 8080
          %CONNECTION_ID%                                 | 77
          100%% of é                                      | 100% of é
          """)
  void wordsARecord(String format, String expected) {
    Entry entry = new Entry().field("X-A", "first").field("X-A", "second");
    entry.response.fields().add("Server", "up");
    assertThat(text(format, entry)).isEqualTo(expected);
  }

  @Test
  void wordsAConnection() {
    Entry entry = new Entry();
    entry.request = null;
    entry.response = null;
    entry.requestEnd = -1;
    entry.firstResponse = -1;
    entry.upstream = null;
    entry.cluster = null;
    entry.route = "";
    assertThat(
            text(
                "%PROTOCOL% %RESPONSE_CODE% %REQ(:PATH)% %RESP(A)% %REQUEST_DURATION%"
                    + " %RESPONSE_DURATION% %RESPONSE_TX_DURATION% %UPSTREAM_HOST%"
                    + " %UPSTREAM_CLUSTER% %ROUTE_NAME% %UPSTREAM_REMOTE_PORT%"
                    + " %RESPONSE_CODE_DETAILS%",
                entry))
        .isEqualTo("- 0 - - - - - - - - - -");
  }

  @Test
  void namesTheHost() {
    assertThat(text("%HOSTNAME%", new Entry())).matches("[A-Za-z0-9._-]+");
  }

  @Test
  void omitsEmptyValues() {
    String format = "log_format: { text_format: 'a%REQ(X)%b', omit_empty_values: true }";
    assertThat(Lines.line(Lines.plan("{ path: x, " + format + " }"), new Entry()))
        .isEqualTo("ab\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "fe80:0:0:0:0:0:0:abcd, fe80::abcd",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8"
  })
  void writesIpv6AsRfc5952Says(String address, String expected) {
    Entry entry = new Entry();
    entry.peer = new InetSocketAddress(InetAddress.ofLiteral(address), 1);
    assertThat(text("%DOWNSTREAM_REMOTE_ADDRESS%", entry)).isEqualTo("[" + expected + "]:1");
  }

  @Test
  void writesOtherAddresses() {
    Entry entry = new Entry();
    entry.peer = UnixDomainSocketAddress.of("/run/a.sock");
    assertThat(text("%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_PORT%", entry))
        .isEqualTo("/run/a.sock -");
    entry.peer = InetSocketAddress.createUnresolved("name", 5);
    assertThat(text("%DOWNSTREAM_REMOTE_ADDRESS%", entry)).isEqualTo("name:5");
  }

  @ParameterizedTest
  @CsvSource({
    "NO_ROUTE, NR",
    "NO_UPSTREAM, UH",
    "CONNECT_FAILURE, UF",
    "UPSTREAM_RESET, UC",
    "UPSTREAM_CANCELLED, UR",
    "UPSTREAM_PROTOCOL_ERROR, UPE",
    "UPSTREAM_TIMEOUT, UT",
    "OVERFLOW, UO",
    "BAD_REQUEST, DPE",
    "DIRECT, -"
  })
  void flagsLocalReplies(LocalReply.Kind kind, String flag) {
    Entry entry = new Entry();
    entry.localReply = kind;
    entry.detail = "so it was";
    assertThat(text("%RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%", entry))
        .isEqualTo(flag + " so_it_was");
  }

  @ParameterizedTest
  @CsvSource({
    "DOWNSTREAM, CANCELLED, DC",
    "DOWNSTREAM, CONNECTION_LOST, DC",
    "DOWNSTREAM, PROTOCOL_ERROR, DPE",
    "UPSTREAM, CONNECTION_LOST, UC",
    "UPSTREAM, REFUSED, UR",
    "UPSTREAM, CONNECT_FAILURE, UF",
    "HOST, TIMEOUT, SI",
    "HOST, EXTENSION_FAILURE, LR"
  })
  void flagsResets(Reset.Source source, Reset.Reason reason, String flag) {
    Entry entry = new Entry();
    entry.reset = new Reset(source, reason, false, "");
    assertThat(text("%RESPONSE_FLAGS%", entry)).isEqualTo(flag);
  }

  @ParameterizedTest
  @EnumSource
  void hasAFlagForEveryReset(Reset.Reason reason) {
    for (Reset.Source source : Reset.Source.values()) {
      assertThat(Flags.of(new Reset(source, reason, false, ""), false)).isNotBlank();
    }
  }

  @Test
  void flagsAReplyAndACallerWhoLeft_butNotTheOrderlyEndOfAConnection() {
    Entry entry = new Entry();
    entry.localReply = LocalReply.Kind.UPSTREAM_TIMEOUT;
    entry.reset = Reset.byDownstream(Reset.Reason.CANCELLED, "gone");
    assertThat(text("%RESPONSE_FLAGS%", entry)).isEqualTo("UT,DC");
    entry.localReply = null;
    entry.request = null;
    assertThat(text("%RESPONSE_FLAGS%", entry)).isEqualTo("-");
  }
}
