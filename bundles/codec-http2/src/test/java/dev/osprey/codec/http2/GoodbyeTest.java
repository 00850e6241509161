package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Goodbyes (RFC 9113 section 6.8) and the end of connections. */
class GoodbyeTest {
  @Test
  void saysGoodbyeInTwoSteps() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.leg.goodbye();
      assertThat(rig.sent()).containsExactly("GOAWAY 2147483647 NO_ERROR", "PING");
      rig.feed(FrameBytes.none().get(3, "/late").ping(true, Goodbyes.DRAIN_PING));
      assertThat(rig.sent()).containsExactly("GOAWAY 3 NO_ERROR");
      rig.feed(FrameBytes.none().get(5, "/too-late", "+a", "b"));
      assertThat(rig.requests).hasSize(2);
      rig.respond(1, 200, true);
      assertThat(rig.leg.isClosed()).isFalse();
      rig.respond(3, 200, true);
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }

  @Test
  void closesAfterItsGoodbye_whenNothingIsOpen() {
    try (Rig rig = Rig.server()) {
      rig.leg.goodbye();
      assertThat(rig.leg.isClosed()).isFalse();
      rig.feed(FrameBytes.none().ping(true, Goodbyes.DRAIN_PING));
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }

  @Test
  void namesTheLastStream_whenTheConnectionFails() {
    try (Rig rig = Rig.server().answering()) {
      rig.feed(FrameBytes.none().get(1, "/").get(3, "/").window(0, 0));
      assertThat(rig.sent()).last().isEqualTo("GOAWAY 3 PROTOCOL_ERROR");
    }
  }

  @Test
  void neverNamesAHigherStreamThanBefore() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/"));
      rig.leg.goodbye();
      rig.feed(FrameBytes.none().ping(true, Goodbyes.DRAIN_PING).get(3, "/").get(5, "/"));
      rig.feed(FrameBytes.none().window(0, 0));
      assertThat(rig.sent()).last().isEqualTo("GOAWAY 1 PROTOCOL_ERROR");
    }
  }

  @Test
  void closesAfterItsGoodbye_whenTheLastStreamFails() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().post(1, "/"));
      rig.leg.goodbye();
      rig.feed(FrameBytes.none().ping(true, Goodbyes.DRAIN_PING).window(1, 0));
      assertThat(rig.sent()).last().isEqualTo("RST_STREAM 1 PROTOCOL_ERROR");
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }

  @Test
  void retriesWhatAGoodbyeDidNotAccept() {
    try (Rig rig = Rig.client()) {
      rig.get();
      rig.get();
      rig.feed(FrameBytes.none().goaway(3, ErrorCode.NO_ERROR));
      assertThat(rig.leg.vacancies()).isZero();
      assertThat(rig.events()).containsSubsequence("goodbye", "reset 5 UPSTREAM REFUSED retryable");
      rig.feed(FrameBytes.none().goaway(1, ErrorCode.NO_ERROR));
      assertThat(rig.events()).last().isEqualTo("reset 3 UPSTREAM REFUSED retryable");
      rig.feed(FrameBytes.none().answer(1, 200, true));
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }

  @Test
  void anUpstreamMayAnnounceItsGoodbye() {
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().goaway(Integer.MAX_VALUE, ErrorCode.NO_ERROR).ping(false, 1));
      assertThat(rig.sent()).containsExactly("PING ack");
      assertThat(rig.leg.vacancies()).isZero();
      rig.feed(FrameBytes.none().answer(1, 200, true));
      assertThat(rig.events()).contains("response 1 200 length=0 end");
    }
  }

  @Test
  void resetsWhatIsOpen_whenThePeerLeaves() {
    try (Rig server = Rig.server();
        Rig client = Rig.client()) {
      server.feed(FrameBytes.none().post(1, "/").get(3, "/"));
      server.leg.end();
      assertThat(server.events())
          .contains("reset 1 DOWNSTREAM CONNECTION_LOST", "reset 3 DOWNSTREAM CONNECTION_LOST");
      client.post();
      client.leg.end();
      assertThat(client.events())
          .contains(
              "reset 1 UPSTREAM CONNECTION_LOST retryable", "reset 3 UPSTREAM CONNECTION_LOST");
    }
  }

  @Test
  void leavesUpstreamsPolitely() {
    try (Rig rig = Rig.client()) {
      rig.leg.goodbye();
      assertThat(rig.sent()).containsExactly("GOAWAY 0 NO_ERROR");
      rig.feed(FrameBytes.none().answer(1, 200, true));
      assertThat(rig.leg.isClosed()).isTrue();
    }
  }
}
