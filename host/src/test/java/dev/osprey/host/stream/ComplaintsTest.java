package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said about peers that break rules, and what of it is left out. */
class ComplaintsTest {
  private static final SocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final StreamRig rig = new StreamRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  /** As many lines as there may be in a second. */
  private void fillASecond() {
    for (int i = 0; i < Complaints.LINES_PER_SECOND; i++) {
      assertThat(about(i)).isTrue();
    }
    rig.complaints.clear();
  }

  private boolean about(long connection) {
    return rig.worker.complaints().about("client", "front", PEER, connection, "a bad thing");
  }

  @Test
  void namesThePeer() {
    assertThat(about(5)).isTrue();
    assertThat(rig.complaints)
        .containsExactly("client 127.0.0.1:7 of front, connection 5: a bad thing");
  }

  @Test
  void whatIsLeftOutIsNotTakenForSaid_andCounted_alsoWhenNoOtherFollows() {
    fillASecond();
    assertThat(IntStream.range(0, 3).mapToObj(this::about)).containsOnly(false);
    assertThat(rig.complaints).isEmpty();

    rig.wait(SECOND);
    assertThat(rig.complaints).containsExactly("3 more complaints about peers were left out");
    rig.wait(SECOND.multipliedBy(3));
    assertThat(rig.complaints).hasSize(1);
  }

  @Test
  void aClientIsComplainedAboutOnce_whateverItDoes() {
    ScriptedCodec client = rig.client();
    client.client().onReset(1, byClient(Reset.Reason.PROTOCOL_ERROR));
    client.client().onReset(3, byClient(Reset.Reason.PROTOCOL_ERROR));
    client.client().close(byClient(Reset.Reason.OVERFLOW));
    assertThat(rig.complaints).singleElement().asString().contains("of rig", "a test");
  }

  @Test
  void aClientWhoseLineIsLeftOut_keepsItsTurn() {
    ScriptedCodec client = rig.client();
    fillASecond();
    client.client().onReset(1, byClient(Reset.Reason.PROTOCOL_ERROR));
    client.client().onReset(3, byClient(Reset.Reason.PROTOCOL_ERROR));
    rig.wait(SECOND);
    assertThat(rig.complaints).singleElement().asString().startsWith("2 more");
  }

  @Test
  void aFloodEndsAConnection_andIsSaid() {
    rig.client().client().close(byClient(Reset.Reason.OVERFLOW));
    assertThat(rig.complaints).hasSize(1);
  }

  @Test
  void nobodyIsBlamedForAStreamThatThePeerEnds() {
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    ScriptedCodec upstream = rig.clients.getFirst();
    for (Reset.Reason reason : Reset.Reason.values()) {
      if (reason != Reset.Reason.PROTOCOL_ERROR) {
        client.client().onReset(9, byClient(reason));
        upstream.upstream().onReset(9, Reset.byUpstream(reason, "a test"));
      }
    }
    assertThat(rig.complaints).isEmpty();
  }

  @Test
  void anUpstreamIsNotBlamedForARequestThatCantBeForwarded() {
    rig.client().ask(1, true);
    ScriptedCodec upstream = rig.clients.getFirst();
    upstream.upstream().onReset(9, byClient(Reset.Reason.PROTOCOL_ERROR));
    assertThat(protocolErrors()).isZero();
    assertThat(rig.complaints).isEmpty();

    upstream.upstream().onReset(9, Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, "a test"));
    assertThat(protocolErrors()).isOne();
    assertThat(rig.complaints).singleElement().asString().startsWith("upstream").contains("app");
  }

  private static Reset byClient(Reset.Reason reason) {
    return Reset.byDownstream(reason, "a test");
  }

  @Test
  void aFaultOfAConnectionOfOneStreamIsCountedOnce() {
    rig.multiplexed = false;
    rig.client().ask(1, true);
    ScriptedCodec upstream = rig.clients.getFirst();
    Reset fault = Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, "a test");
    upstream.upstream().onReset(1, fault);
    upstream.upstream().close(fault);
    assertThat(protocolErrors()).isOne();
  }

  private long protocolErrors() {
    return rig.stats.counters().getOrDefault("cluster.app.protocol_error", 0L);
  }
}
