package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long connections live, and how they end. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class ConnectionTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n";

  private final Proxy proxy = new Proxy(TestPlans.silent());

  @AfterEach
  void leaksNothing() {
    proxy.end();
  }

  @Test
  void closesAfterTheAnswer_whenTheClientAsksForIt() {
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + GET).response(OK);
    assertThat(proxy.client.output())
        .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.output()).containsOnlyOnce("GET");
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  @Test
  void answersAHeadThatDoesNotComeToItsEnd_andCloses() {
    proxy.request("GET / HTTP/1.1\r\nHos").headTimedOut();
    assertThat(proxy.client.output())
        .startsWith("HTTP/1.1 408 Request Timeout\r\n")
        .contains("connection: close\r\n");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.output()).isEmpty();
  }

  @Test
  void closesBehindA408_whateverIsLeftOfTheBody() {
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    proxy.response("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 408 ").contains("connection: close\r\n");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void answersALateHeadBehindAnotherRequest() {
    proxy.request(GET).response(OK).request("G").headTimedOut();
    assertThat(proxy.client.output()).contains("ok" + "HTTP/1.1 408 ").endsWith("end");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void saysNothingOfALateHead_whileARequestIsOpen() {
    proxy.request(GET).headTimedOut();
    assertThat(proxy.client.output()).isEmpty();
    proxy.response(OK);
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 200 OK");
    assertThat(proxy.client.closed).isNull();
  }

  @Test
  void closesAfterAnAnswerToHttp10() {
    proxy.request("GET / HTTP/1.0\r\nHost: x\r\n\r\n").response(OK);
    assertThat(proxy.client.output())
        .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void keepsAnHttp10ConnectionOpen_whenAskedTo() {
    String get = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    proxy.request(get).response(OK);
    assertThat(proxy.client.takeOutput())
        .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok");
    assertThat(proxy.client.closed).isNull();
    proxy.request(get).response(CHUNKED);
    assertThat(proxy.client.takeOutput())
        .isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void sendsNoInterimHeadToHttp10() {
    proxy.request("GET / HTTP/1.0\r\n\r\n").response("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
    assertThat(proxy.client.output()).isEmpty();
    proxy.response(OK);
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void saysGoodbyeInTheNextAnswer() {
    proxy.request(GET).goodbye();
    proxy.response(OK);
    assertThat(proxy.client.output()).contains("connection: close\r\n");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void saysGoodbyeLater_whenTheHeadHasLeft() {
    proxy.request(GET).response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no").goodbye();
    proxy.response("k");
    assertThat(proxy.client.closed).isNull();
    proxy.request(GET).response(OK);
    assertThat(proxy.client.output()).endsWith("connection: close\r\n\r\nok");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void waitsForNoLastBytes_whenTheClientHasSaidThatItSendsNone() {
    proxy.request("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").response(OK);
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.client.waited).isFalse();
  }

  @Test
  void waitsForLastBytes_whenTheCloseIsOurDoing() {
    proxy.request(GET).goodbye();
    proxy.response(OK);
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.client.waited).isTrue();
  }

  @Test
  void waitsForTheRestOfTheBody_whenTheClientWantedTheCloseToo() {
    proxy.request(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\na");
    proxy.response("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.client.waited).isTrue();
  }

  @Test
  void deliversTheAnswer_afterTheClientHalfCloses() {
    proxy.request(GET).clientCloses();
    assertThat(proxy.client.closed).isNull();
    proxy.response(OK);
    assertThat(proxy.client.output()).endsWith("\r\n\r\nok");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void answersAllPipelinedRequests_afterTheClientHalfCloses() {
    proxy.request(GET + GET).clientCloses().response(OK);
    assertThat(proxy.client.closed).isNull();
    proxy.response(OK);
    assertThat(proxy.client.output()).containsPattern("(?s)ok.*ok");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void closes_whenAnIdleClientCloses() {
    proxy.request(GET).response(OK).clientCloses();
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.closed).isNull();
  }

  @Test
  void closes_whenTheClientClosesInAHead() {
    proxy.request("GET / HT").clientCloses();
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.output()).isEmpty();
  }

  @Test
  void resetsTheRequest_whenTheClientClosesInABody() {
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc").clientCloses();
    assertThat(proxy.events).contains("client reset TRUNCATED");
    assertThat(proxy.client.closed).isNotNull();
    assertThat(proxy.upstream.closed).isNotNull();
  }

  @Test
  void closesAnIdleUpstream_whenItCloses() {
    proxy.request(GET).response(OK).upstreamCloses();
    assertThat(proxy.upstream.closed).isNotNull();
    assertThat(proxy.vacancies()).isZero();
    assertThat(proxy.client.closed).isNull();
  }

  @Test
  void closesPolitely_whenALargeUploadIsAnsweredEarly() {
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
    proxy.response("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    assertThat(proxy.client.output())
        .isEqualTo(
            "HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void readsTheRestOfASmallUpload_thatIsAnsweredEarly() {
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
    proxy.response("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    assertThat(proxy.client.takeOutput()).doesNotContain("connection: close").endsWith("no");
    assertThat(proxy.client.closed).isNull();
    assertThat(proxy.vacancies()).isZero();
    proxy.request("de" + GET);
    assertThat(proxy.vacancies()).isZero();
    proxy.response(OK);
    assertThat(proxy.client.takeOutput()).endsWith("ok");
    assertThat(proxy.vacancies()).isEqualTo(1);
  }

  @Test
  void refusesTheNextRequest_afterTheRestOfAnEarlyAnsweredOne() {
    proxy.request("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
    proxy.response("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    proxy.client.takeOutput();
    proxy.request("deGET / HTTP/1.1\r\n\r\n");
    assertThat(proxy.client.output()).startsWith("HTTP/1.1 400 ");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void closes_whenARefusedExpectationLeavesABodyOpen() {
    proxy.request(
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 900000\r\n\r\n");
    proxy.response("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    assertThat(proxy.client.output()).contains("connection: close\r\n");
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void cutsTheAnswerShort_whenTheHostResetsIt() {
    proxy.request(GET).response("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    proxy.server().reset(1, Reset.byUpstream(Reset.Reason.TRUNCATED, "gone"));
    assertThat(proxy.client.closed).isNotNull();
  }

  @Test
  void closesTheUpstream_whenTheHostResetsItsStream() {
    proxy.request(GET);
    proxy.clientCodec().reset(1, Reset.byDownstream(Reset.Reason.CANCELLED, "gone"));
    assertThat(proxy.upstream.closed).isNotNull();
    assertThat(proxy.vacancies()).isZero();
  }
}
