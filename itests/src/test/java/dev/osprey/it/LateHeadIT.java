package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Request heads that do not come to their end, and connections that send nothing at all. */
class LateHeadIT {
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.start();
  private static final int PORT = Ports.free();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withHttp(
                  "http",
                  PORT,
                  "app",
                  Config.Codec.HTTP1,
                  "request_headers_timeout: 0.3s\nidle_timeout: 1s\n")
              .withCluster("app", UPSTREAM.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @Test
  void aHeadThatHasBegunIsAnsweredWith408_andTheConnectionEnds() {
    int before = UPSTREAM.messages().size();
    String all = RawHttp.exchange(PORT, "GET / HTTP/1.1\r\nHost: x\r\nAccept: ");

    assertThat(all).startsWith("HTTP/1.1 408 Request Timeout\r\n").contains("connection: close");
    assertThat(all).doesNotContain("<reset>");
    assertThat(UPSTREAM.messages()).hasSize(before);
  }

  @Test
  void aSecondHeadThatIsLateIsAnsweredBehindTheFirstAnswer() {
    try (RawHttp client = RawHttp.connect(PORT)) {
      assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /late").readMessage())
          .endsWith("ok");
      assertThat(client.readMessage()).startsWith("HTTP/1.1 408 ");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aConnectionThatSendsNothingIsJustClosed() {
    assertThat(RawHttp.exchange(PORT, "")).isEmpty();
    try (RawHttp client = RawHttp.connect(PORT)) {
      assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readMessage()).endsWith("ok");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aLateHeadIsCountedAsATimeout() {
    RawHttp.exchange(PORT, "G");

    assertThat(OSPREY.ctl().run("stats").orFail()).contains("listener.http.rq_timeout");
  }
}
