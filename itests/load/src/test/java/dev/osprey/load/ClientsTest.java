package dev.osprey.load;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsTest {
  private final Rig rig = new Rig();
  private final TcpUpstream echo = TcpUpstream.echo(rig.loop, 0);
  private final Relay echoRelay = Relay.start(rig.loop, echo.address());

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void uploadsSlowly_andComparesTheChecksums(SlowUploader.Framing framing) {
    Duration duration = Duration.ofMillis(100);
    Outcome outcome =
        Rig.get(SlowUploader.start(rig.loop, rig.relay.address(), framing, 1_000_000, duration));
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.bytes()).isEqualTo(1_000_000);
    assertThat(outcome.took()).isGreaterThanOrEqualTo(duration);
  }

  @Test
  void seesAWrongChecksum() {
    rig.relay.changeAnswers(bytes -> Rig.replaced(bytes, "crc32=", "crc23="));
    Outcome outcome = upload();
    assertThat(outcome.problems()).singleElement().asString().contains("crc23");
  }

  @Test
  void seesALostUpload() {
    var outcome =
        SlowUploader.start(
            rig.loop,
            rig.relay.address(),
            SlowUploader.Framing.LENGTH,
            1_000_000,
            Duration.ofSeconds(60));
    await().atMost(20, SECONDS).until(() -> rig.upstream.counters().requests() == 1);
    rig.relay.endOne();
    assertThat(Rig.get(outcome).problems()).singleElement().asString().startsWith("FIN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bytes/300000",
        "/chunked/300000",
        "/chunked/300000/77",
        "/slow/300000/50",
        "/slow/300000/50/chunked"
      })
  void downloadsAtABoundedRate_andChecksEveryByte(String path) {
    Outcome outcome =
        Rig.get(LongDownload.start(rig.loop, rig.relay.address(), path, 300_000, 3_000_000));
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.took()).isGreaterThan(Duration.ofMillis(60));
  }

  @Test
  void seesOneWrongByteOfADownload() {
    rig.relay.changeAnswers(bytes -> {
      bytes[bytes.length - 1] ^= 1;
      return bytes;
    });
    Outcome outcome =
        Rig.get(LongDownload.start(rig.loop, rig.relay.address(), "/bytes/100", 100, 1e9));
    assertThat(outcome.problems()).containsExactly("byte 99 is wrong");
  }

  @Test
  void seesATruncatedDownload() {
    var outcome =
        LongDownload.start(rig.loop, rig.relay.address(), "/slow/100000/60000", 100_000, 1e9);
    await().atMost(20, SECONDS).until(() -> rig.upstream.counters().requests() == 1);
    rig.relay.endOne();
    assertThat(Rig.get(outcome).isRight()).isFalse();
  }

  @Test
  void probesHeadAndGetInTurn() {
    HeadProber prober = HeadProber.start(rig.loop, rig.relay.address());
    await().atMost(20, SECONDS).until(() -> rig.upstream.counters().requests() > 100);
    Outcome outcome = Rig.get(prober.stop());
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.exchanges()).isGreaterThan(100);
  }

  @Test
  void seesABodyAfterAHead() {
    rig.relay.changeAnswers(bytes -> Rig.replaced(bytes, "\r\n\r\nHTTP", "\r\n\r\nxHTTP"));
    Outcome outcome = Rig.get(HeadProber.start(rig.loop, rig.relay.address()).outcome());
    assertThat(outcome.problems()).singleElement().asString().contains("not a status line");
  }

  @Test
  void tunnelsFrames() {
    TunnelClient tunnel = TunnelClient.start(rig.loop, rig.relay.address(), 5000, Duration.ZERO);
    await().atMost(20, SECONDS).until(() -> tunnel.frames() > 100);
    Outcome outcome = Rig.get(tunnel.stop());
    assertThat(outcome.problems()).isEmpty();
    assertThat(rig.upstream.counters().upgrades()).isEqualTo(1);
  }

  @Test
  void seesALostTunnel() {
    TunnelClient tunnel =
        TunnelClient.start(rig.loop, rig.relay.address(), 50, Duration.ofMillis(1));
    await().atMost(20, SECONDS).until(() -> tunnel.frames() > 1);
    rig.relay.resetOne();
    assertThat(Rig.get(tunnel.outcome()).isRight()).isFalse();
  }

  @Test
  void hearsTheFarewell_afterItsOwnFin() {
    Outcome outcome = Rig.get(HalfCloseClient.start(rig.loop, echoRelay.address(), 200_000));
    assertThat(outcome.problems()).isEmpty();
    assertThat(echo.counters().closedByPeer()).isEqualTo(1);
  }

  @Test
  void missesTheFarewell_whenHalfCloseIsNotCarried() {
    echoRelay.changeAnswers(bytes -> Rig.replaced(bytes, "bye", ""));
    assertThat(Rig.get(HalfCloseClient.start(rig.loop, echoRelay.address(), 20)).isRight())
        .isFalse();
  }

  @Test
  void playsPingPong() {
    TcpLoad load = TcpLoad.pingPong(rig.loop, echoRelay.address(), 8, 100);
    await().atMost(20, SECONDS).until(() -> load.report().exchanges() > 1000);
    TcpReport report = load.stop(Duration.ofSeconds(5));
    assertThat(report.examples()).isEmpty();
    assertThat(report.open()).isZero();
    assertThat(echo.counters().accepted()).isEqualTo(8);
  }

  @Test
  void fetchesLongAnswers() {
    TcpUpstream bulk = TcpUpstream.bulk(rig.loop, 0, 1 << 20);
    TcpLoad load =
        TcpLoad.bulk(rig.loop, Relay.start(rig.loop, bulk.address()).address(), 4, 1 << 20);
    await().atMost(20, SECONDS).until(() -> load.report().exchanges() > 20);
    assertThat(load.stop(Duration.ofSeconds(5)).examples()).isEmpty();
  }

  @Test
  void seesALostPingPong() {
    TcpLoad load = TcpLoad.pingPong(rig.loop, echoRelay.address(), 2, 100);
    await().atMost(20, SECONDS).until(() -> load.report().exchanges() > 100);
    echoRelay.endOne();
    await().atMost(20, SECONDS).until(() -> load.report().open() == 1);
    assertThat(load.stop(Duration.ofSeconds(5)).failures())
        .containsOnlyKeys(FailureKind.LOST_CONNECTION);
  }

  @Test
  void seesAWrongByteOfPingPong() {
    echoRelay.changeAnswers(bytes -> {
      bytes[3] ^= 1;
      return bytes;
    });
    TcpLoad load = TcpLoad.pingPong(rig.loop, echoRelay.address(), 1, 100);
    await().atMost(20, SECONDS).until(() -> load.report().open() == 0);
    assertThat(load.report().failures()).containsOnlyKeys(FailureKind.WRONG_TOKEN);
  }

  private Outcome upload() {
    return Rig.get(
        SlowUploader.start(
            rig.loop,
            rig.relay.address(),
            SlowUploader.Framing.LENGTH,
            1000,
            Duration.ofMillis(10)));
  }
}
