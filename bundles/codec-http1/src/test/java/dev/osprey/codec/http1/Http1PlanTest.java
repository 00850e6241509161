package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.LocalReply.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the plan itself answers: recognition, records, local replies, rehearsals. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class Http1PlanTest {
  private final Http1Plan plan = TestPlans.plan(Http1Config.DEFAULTS);

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1, MATCH",
    "GET /, MATCH",
    "'GET ', MATCH",
    "GET, NEED_MORE",
    "'', NEED_MORE",
    "OPTIONS *, MATCH",
    "GET wrong, MATCH",
    "CONNECT a:1, MATCH",
    "'PROPFIND ', NEED_MORE",
    "PROPFIND /, MATCH",
    "OWN *, MATCH",
    "OWN ht, NEED_MORE",
    "OWN https://a/, MATCH",
    "OWN hut, NO",
    "EHLO example.org, NO",
    "get key, NO",
    "'GETX\r\n', NO",
    "PR, NEED_MORE",
    "'PRI ', NEED_MORE",
    "PRI * HTTP/2, NEED_MORE",
    "PRI * HTTP/2.0, NO",
    "PRI /x HTTP/1.1, MATCH",
    "PRIX / HTTP/1.1, MATCH",
    "'\u0016\u0003\u0001', NO",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz, NO",
    "{\"a\": 1}, NO"
  })
  void recognisesARequest(String first, Recognition expected) {
    for (String before : new String[] {"", "\r\n"}) {
      ByteBuf bytes = Unpooled.copiedBuffer(before + first, StandardCharsets.ISO_8859_1);
      assertThat(plan.recognise(bytes)).isEqualTo(expected);
      assertThat(bytes.readerIndex()).isZero();
      bytes.release();
    }
  }

  @Test
  void readsItsRecords_andNoOthers() {
    assertThat(plan.reads(StateRecord.empty("http1.server", 1))).isTrue();
    assertThat(plan.reads(StateRecord.empty("http1.client", 1))).isTrue();
    assertThat(plan.reads(StateRecord.empty("http1.server", 2))).isFalse();
    assertThat(plan.reads(StateRecord.empty("http2.server", 1))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_ROUTE, 404",
    "NO_UPSTREAM, 503",
    "CONNECT_FAILURE, 503",
    "UPSTREAM_RESET, 502",
    "UPSTREAM_CANCELLED, 502",
    "UPSTREAM_PROTOCOL_ERROR, 502",
    "UPSTREAM_TIMEOUT, 504",
    "REQUEST_TIMEOUT, 408",
    "OVERFLOW, 503",
    "EXTENSION_FAILURE, 500",
    "UNAVAILABLE, 503"
  })
  void wordsItsAnswers(Kind kind, int status) {
    LocalAnswer answer = plan.answer(LocalReply.of(kind, "why"), null);
    assertThat(answer.head().status()).isEqualTo(status);
    assertThat(answer.head().bodyLength()).isEqualTo(3);
    assertThat(answer.body()).asString().isEqualTo("why");
    assertThat(answer.head().fields().first(FieldName.of("content-type"))).isEqualTo("text/plain");
  }

  @Test
  void keepsStatusAndFieldsOfADirectAnswer() {
    LocalReply reply =
        new LocalReply(
            Kind.DIRECT,
            301,
            "",
            List.of(Map.entry("location", "/a"), Map.entry("Content-Type", "x")),
            "b");
    LocalAnswer answer = plan.answer(reply, null);
    assertThat(answer.head().status()).isEqualTo(301);
    assertThat(answer.head().fields().toString()).isEqualTo("location: /a\nContent-Type: x\n");
  }

  @Test
  void answersARequestThatDoesNotCome() {
    Proxy proxy = new Proxy(plan).request("GET / HT");
    LocalAnswer answer = plan.answer(LocalReply.of(Kind.REQUEST_TIMEOUT, "late"), null);
    proxy.server().respond(1, answer.head(), false);
    proxy.server().data(1, Unpooled.copiedBuffer("late", StandardCharsets.US_ASCII), true);
    assertThat(proxy.client.output())
        .startsWith("HTTP/1.1 408 Request Timeout\r\n")
        .contains("connection: close\r\n")
        .endsWith("\r\n\r\nlate");
    assertThat(proxy.client.closed).isNotNull();
    proxy.end();
  }

  @Test
  void answersHead_withoutABody() {
    Proxy proxy = new Proxy(plan).request("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    LocalAnswer answer = plan.answer(LocalReply.of(Kind.NO_ROUTE, "none"), null);
    proxy.server().respond(1, answer.head(), false);
    proxy.server().data(1, Unpooled.copiedBuffer("none", StandardCharsets.US_ASCII), true);
    assertThat(proxy.client.output())
        .isEqualTo(
            "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\n");
    assertThat(proxy.serverIsAtRest()).isTrue();
    proxy.end();
  }

  @Test
  void rehearses_withAndWithoutMoving() {
    for (CodecRehearsal rehearsal : plan.rehearsals()) {
      String still = rehearse(new Proxy(TestPlans.silent()), rehearsal);
      assertThat(still).as(rehearsal.name()).startsWith("HTTP/1.1 ");
      assertThat(rehearse(new Proxy(TestPlans.silent(), TestPlans.foreign()), rehearsal))
          .as(rehearsal.name())
          .isEqualTo(still);
    }
  }

  private static String rehearse(Proxy proxy, CodecRehearsal rehearsal) {
    proxy.request(new String(rehearsal.request(), StandardCharsets.ISO_8859_1));
    proxy.response(new String(rehearsal.response(), StandardCharsets.ISO_8859_1));
    String seen = proxy.client.output();
    assertThat(proxy.client.closed != null || proxy.serverIsAtRest()).as(rehearsal.name()).isTrue();
    proxy.end();
    return seen;
  }
}
