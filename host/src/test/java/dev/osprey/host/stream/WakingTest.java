package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import io.netty.buffer.Unpooled;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a connection wakes when it takes more. */
class WakingTest {
  private static final int STREAMS = 50;
  private static final byte[] PIECE = new byte[100];

  private final StreamRig rig = new StreamRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  private ScriptedCodec uploads() {
    ScriptedCodec client = rig.client();
    for (int stream = 1; stream <= STREAMS; stream++) {
      client.ask(stream, false);
    }
    return client;
  }

  private ScriptedCodec downloads() {
    ScriptedCodec client = uploads();
    for (int stream = 1; stream <= STREAMS; stream++) {
      client.client().onData(stream, Unpooled.EMPTY_BUFFER, true);
      rig.clients.getFirst().answer(stream, false);
    }
    return client;
  }

  private void download(int stream) {
    rig.clients.getFirst().upstream().onData(stream, Unpooled.wrappedBuffer(PIECE), false);
  }

  @Test
  void onlyTheStreamThatWaitsIsAsked_whenAClientTakesMore() {
    ScriptedCodec client = downloads();
    ScriptedCodec upstream = rig.clients.getFirst();
    client.full.add(7);
    IntStream.rangeClosed(1, STREAMS).forEach(this::download);
    assertThat(upstream.credit).isEqualTo((STREAMS - 1) * PIECE.length);
    client.asked = 0;
    client.client().onWritable();
    assertThat(client.asked).as("it can take no more yet").isBetween(1, 2);
    client.full.clear();
    client.client().onWritable();
    assertThat(upstream.credit).isEqualTo(STREAMS * PIECE.length);
    client.asked = 0;
    client.client().onWritable();
    assertThat(client.asked).as("nobody waits").isZero();
  }

  @Test
  void everyStreamThatWaitsGoesOn_whenTheClientsSocketDoes() {
    downloads();
    rig.socket.writable = false;
    IntStream.rangeClosed(1, STREAMS).forEach(this::download);
    assertThat(rig.clients.getFirst().credit).isZero();
    rig.socket.writable = true;
    rig.wire().drained();
    assertThat(rig.clients.getFirst().credit).isEqualTo(STREAMS * PIECE.length);
  }

  @Test
  void onlyTheStreamThatWaitsIsAsked_whenAnUpstreamTakesMore() {
    ScriptedCodec client = uploads();
    ScriptedCodec upstream = rig.clients.getFirst();
    upstream.full.add(9);
    for (int stream = 1; stream <= STREAMS; stream++) {
      client.client().onData(stream, Unpooled.wrappedBuffer(PIECE), false);
    }
    assertThat(client.credit).isEqualTo((STREAMS - 1) * PIECE.length);
    upstream.full.clear();
    upstream.asked = 0;
    upstream.upstream().onWritable();
    assertThat(upstream.asked).isBetween(1, 2);
    assertThat(client.credit).isEqualTo(STREAMS * PIECE.length);
  }

  @Test
  void aStreamThatHasEndedIsNotAsked() {
    ScriptedCodec client = downloads();
    client.full.add(7);
    download(7);
    client.client().onReset(7, Reset.byDownstream(Reset.Reason.CANCELLED, "a test"));
    client.asked = 0;
    client.client().onWritable();
    assertThat(client.asked).isZero();
  }

  @Test
  void aClientOfOneStreamIsReadAgain_whenItsUpstreamTakesMore() {
    rig.multiplexed = false;
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    rig.upstreams.getFirst().writable = false;
    client.client().onData(1, Unpooled.wrappedBuffer(PIECE), false);
    assertThat(rig.socket.reading).isFalse();
    rig.upstreams.getFirst().writable = true;
    rig.upstreamWires.getFirst().drained();
    assertThat(rig.socket.reading).isTrue();
  }

  @Test
  void anUpstreamOfOneStreamIsReadAgain_whenItsClientTakesMore() {
    rig.multiplexed = false;
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.clients.getFirst().answer(1, false);
    rig.socket.writable = false;
    download(1);
    assertThat(rig.upstreams.getFirst().reading).isFalse();
    rig.socket.writable = true;
    rig.wire().drained();
    assertThat(rig.upstreams.getFirst().reading).isTrue();
    assertThat(client.told).hasSize(2);
  }
}
