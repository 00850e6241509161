package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that a laxer version has let pass, and fields that others have added. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class ForeignProvenanceTest {
  private static final Provenance LAX = new Provenance("codec-http1/0.9.0-lax");

  private final Proxy proxy = new Proxy(TestPlans.silent());

  @AfterEach
  void leaksNothing() {
    proxy.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b", "a\u0001", "a\u007f", "\u000b"})
  void forwardsNoRequest_withABadValue(String value) {
    RequestHead head = request(LAX, "GET", "/", "x", "X-A", value);
    proxy.clientCodec().request(head, true);
    isRefused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\nb", "a\0", "\u00e9", "a(", "X-A "})
  void forwardsNoRequest_withABadName(String name) {
    proxy.clientCodec().request(request(LAX, "GET", "/", "x", name, "1"), true);
    isRefused();
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "G T,/,x",
        ",/,x",
        "GET,/a b,x",
        "GET,,x",
        "GET,/\u007f,x",
        "GET,/,x/y",
        "GET,/,a b"
      })
  void forwardsNoRequest_withABadStartLine(String method, String path, String host) {
    for (Provenance scanner : new Provenance[] {LAX, TestPlans.PROVENANCE}) {
      String wanted = path == null ? "" : path;
      proxy
          .clientCodec()
          .request(request(scanner, method == null ? "" : method, wanted, host, "A", "1"), true);
      isRefused();
    }
  }

  @Test
  void forwardsNoRequest_whoseOffsetsLeaveTheBytes() {
    RequestHead head = request(LAX, "GET", "/", "x", "A", "1");
    head.fields().scanned(0, 3, 5, 100_000, 0);
    proxy.clientCodec().request(head, true);
    isRefused();
  }

  @Test
  void forwardsAGoodForeignRequest_withoutWhatFramesIt() {
    RequestHead head = request(LAX, "POST", "/", "x", "Content-Length", "7");
    scan(head.fields(), "Transfer-Encoding", "chunked");
    scan(head.fields(), "Connection", "close");
    scan(head.fields(), "Host", "evil");
    scan(head.fields(), "X-Good", "1");
    proxy.clientCodec().request(head, true);
    assertThat(proxy.upstream.output())
        .isEqualTo("POST / HTTP/1.1\r\nhost: x\r\nX-Good: 1\r\ncontent-length: 0\r\n\r\n");
  }

  @Test
  void writesFieldsThatAFilterAdded_orRefusesThem() {
    proxy.onHead =
        head -> {
          head.fields().add("x-added", "1");
          head.fields().add("content-length", "5");
          head.path("/new");
          head.authority("new.example");
        };
    proxy.request("GET /old HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n");
    assertThat(proxy.upstream.takeOutput())
        .isEqualTo(
            "GET /new HTTP/1.1\r\nhost: new.example\r\nA: b\r\nx-forwarded-proto: http\r\nx-added:"
                + " 1\r\n\r\n");
    proxy.response("HTTP/1.1 204 a\r\n\r\n").client.takeOutput();
    proxy.onHead = head -> head.fields().add("x-added", "1\r\nx-evil: 1");
    proxy.request("GET /old HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(proxy.upstream.output()).isEmpty();
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 400 ");
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  @Test
  void takesNoBytesBetweenFieldsForALineEnd() {
    proxy.onHead =
        head -> {
          head.fields().add("x-a", "1");
          head.path("/x");
          head.fields().add("x-b", "2");
          for (int i = 0; i < head.fields().size(); i++) {
            head.fields().tag(i, Tags.PLAIN);
          }
        };
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(Reference.requests(proxy.upstream.output())).hasSize(1);
    assertThat(proxy.upstream.output()).contains("\r\nx-a: 1\r\nx-b: 2\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\0b", "\u007f"})
  void makesAResponseWithABadValueA502(String value) {
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ResponseHead head = new ResponseHead();
    head.fields().begin(LAX, 0);
    scan(head.fields(), "X-A", value);
    head.status(200);
    head.bodyLength(2);
    proxy.server().respond(1, head, false);
    assertThat(proxy.client.output())
        .isEqualTo("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void leavesBadTrailersOut() {
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    proxy.response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").client.takeOutput();
    Fields trailers = new Fields();
    trailers.add("t", "1");
    trailers.add("u", "2\r\n\r\nHTTP/1.1 200 OK");
    trailers.add("content-length", "3");
    proxy.server().trailers(1, trailers);
    assertThat(proxy.client.output()).isEqualTo("0\r\nt: 1\r\n\r\n");
  }

  private void isRefused() {
    assertThat(proxy.upstream.output()).isEmpty();
    assertThat(proxy.events).last().isEqualTo("upstream reset PROTOCOL_ERROR");
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  private static RequestHead request(
      Provenance scanner, String method, String path, String host, String name, String value) {
    RequestHead head = new RequestHead();
    head.fields().begin(scanner, 0);
    head.method(method);
    head.path(path);
    head.authority(host);
    scan(head.fields(), name, value);
    return head;
  }

  /** Enters a field the way a lax scanner would: whatever the bytes are. */
  private static void scan(Fields fields, String name, String value) {
    int start = fields.append(name);
    int at = fields.append(value);
    int end = at + value.getBytes(StandardCharsets.ISO_8859_1).length;
    fields.scanned(start, at, at, end, Tags.PLAIN);
  }
}
