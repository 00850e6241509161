package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.MixedStreams;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternPeer;
import dev.osprey.it.harness.PatternPeer.Goodbye;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.RawHttp2.Frame;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SIGTERM while streams of HTTP/2 are open: a GOAWAY that accepts all that is on its way, one with
 * the last stream when the client has heard of it, and every stream ends whole before the process
 * does, with 0.
 */
class Http2DrainIT {
  private static final int STREAMS = 24;
  private static final int NO_ERROR = 0;
  private static final int MOST = Integer.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(strings = {"reactor", "thread"})
  void openStreamsEndWhole_andTheProcessWith0(String model) {
    int port = Ports.free();
    try (PatternUpstream upstream = MixedStreams.upstream();
        ScriptedUpstream quick = ScriptedUpstream.start();
        Osprey osprey = Osprey.start(config(model, port, upstream, quick));
        MixedStreams streams = MixedStreams.open(port, upstream, 0, STREAMS);
        RawHttp2 late = RawHttp2.connect(port)) {
      PatternPeer client = streams.client();
      late.request(1, false, "POST", "/quick").inStep();
      osprey.terminate();

      await("both steps").until(() -> client.goodbyes().size() == 2);
      assertThat(client.goodbyes())
          .containsExactly(new Goodbye(MOST, NO_ERROR), new Goodbye(2 * STREAMS - 1, NO_ERROR));
      assertAStreamOnItsWayIsAccepted(late);
      assertNobodyListens(port);
      streams.awaitProgress();
      assertThat(streams.areOpen()).isTrue();
      assertThat(osprey.isAlive()).isTrue();

      streams.finish();
      await("the connection is closed").until(client::isOver);
      // The answer on its way came over a new connection, which is not kept for others.
      await("long before the drain's bound")
          .atMost(Duration.ofSeconds(15))
          .until(() -> !osprey.isAlive());
      assertThat(osprey.awaitEnd()).isZero();
      for (PatternPeer peer : List.of(client, upstream.connections().getFirst())) {
        assertThat(peer.problems()).isEmpty();
      }
    }
  }

  /** The client has not heard of the first step, for it has not answered the PING behind it. */
  private static void assertAStreamOnItsWayIsAccepted(RawHttp2 client) {
    Frame first = client.await(it -> it.type() == RawHttp2.GOAWAY);
    assertThat(List.of(first.number(0), first.number(4))).containsExactly(MOST, NO_ERROR);
    Frame ping = client.await(it -> it.type() == RawHttp2.PING);
    client.request(3, true, "GET", "/quick");
    assertThat(client.awaitHead(3)).contains(":status: 200");

    client.send(RawHttp2.frame(RawHttp2.PING, RawHttp2.ACK, 0, ping.payload()));
    Frame last = client.await(it -> it.type() == RawHttp2.GOAWAY);
    assertThat(List.of(last.number(0), last.number(4))).containsExactly(3, NO_ERROR);
    client.data(1, new byte[] {'x'}, true);
    assertThat(client.awaitHead(1)).contains(":status: 200");
    assertThat(client.awaitEnd()).as("closed in order").isTrue();
    client.close();
    assertThat(client.count(RawHttp2.RST_STREAM)).isZero();
  }

  private static void assertNobodyListens(int port) {
    await("nobody listens")
        .until(() -> {
          try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
          } catch (ConnectException refused) {
            return true;
          } catch (IOException other) {
            return false;
          }
        });
  }

  private static Config config(
      String model, int port, PatternUpstream upstream, ScriptedUpstream quick) {
    return Config.empty()
        .withManager(
            "front",
            port,
            "",
            "match: { prefix: /quick }, route: { cluster: quick, timeout: 0s }",
            "match: { prefix: / }, route: { cluster: app, timeout: 0s }")
        .in(model)
        .withCluster("app", Config.speaking("http2_protocol_options"), upstream.port())
        .withCluster("quick", quick.port());
  }
}
