package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When what many streams write to one connection is sent; the test ends events and turns. */
class SharedWireTest {
  private static final Reset OVER = Reset.byHost(Reset.Reason.CANCELLED, "a test");

  private final StreamRig rig = new StreamRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  private ScriptedCodec clientWithStreams(int count) {
    ScriptedCodec client = rig.client();
    for (int i = 1; i <= count; i++) {
      client.ask(i, true);
      rig.loop.flushDirty();
    }
    return client;
  }

  private void answerAll(int count) {
    for (int i = 1; i <= count; i++) {
      rig.clients.getFirst().answer(i, true);
      rig.loop.flushDirty();
    }
  }

  @Test
  void manyStreamsAreSentOnce_atTheEndOfATurn() {
    rig.loop.beginTurns();
    clientWithStreams(5);
    assertThat(rig.upstreams.getFirst().sends).isZero();
    assertThat(rig.loop.endTurn()).isTrue();
    assertThat(rig.upstreams.getFirst().sends).isOne();
    assertThat(rig.upstreams.getFirst().sent).isEqualTo(5);

    answerAll(5);
    assertThat(rig.socket.sends).isZero();
    assertThat(rig.loop.endTurn()).isTrue();
    assertThat(rig.socket.sends).isOne();
    assertThat(rig.socket.sent).isEqualTo(5);
    assertThat(rig.loop.endTurn()).as("nothing is left").isFalse();
  }

  @Test
  void everyTurnSends() {
    rig.loop.beginTurns();
    clientWithStreams(5);
    for (int i = 1; i <= 5; i++) {
      rig.clients.getFirst().answer(i, true);
      assertThat(rig.loop.endTurn()).isTrue();
      assertThat(rig.socket.sent).isEqualTo(i);
    }
  }

  @Test
  void manyStreamsAreSentWithEachEvent_whenNobodyEndsTurns() {
    clientWithStreams(5);
    answerAll(5);
    assertThat(rig.upstreams.getFirst().sends).isEqualTo(5);
    assertThat(rig.socket.sends).isEqualTo(5);
  }

  @Test
  void aConnectionOfOneStreamIsSentWithEachEvent() {
    rig.multiplexed = false;
    rig.loop.beginTurns();
    clientWithStreams(1);
    answerAll(1);
    assertThat(rig.upstreams.getFirst().sends).isOne();
    assertThat(rig.socket.sends).isOne();
    assertThat(rig.loop.endTurn()).isFalse();
  }

  @Test
  void muchIsSentWithItsEvent() {
    rig.loop.beginTurns();
    clientWithStreams(2);
    rig.clients.getFirst().answer(1, false);
    for (int i = 0; i < 15; i++) {
      rig.clients.getFirst().upstream().onData(1, Unpooled.wrappedBuffer(new byte[4096]), false);
      rig.loop.flushDirty();
      assertThat(rig.socket.sends).isZero();
    }
    rig.clients.getFirst().upstream().onData(1, Unpooled.wrappedBuffer(new byte[4096]), false);
    assertThat(rig.socket.sends).as("not from inside the codec").isZero();
    rig.loop.flushDirty();
    assertThat(rig.socket.sends).isOne();
    assertThat(rig.socket.queued).isZero();

    rig.clients.getFirst().upstream().onData(1, Unpooled.wrappedBuffer(new byte[1]), false);
    rig.loop.flushDirty();
    assertThat(rig.socket.sends).as("counts anew").isOne();
    rig.loop.endTurn();
    assertThat(rig.socket.sends).isEqualTo(2);
    assertThat(rig.loop.endTurn()).isFalse();
  }

  @Test
  void whatFillsTheSocketIsSentWithItsEvent() {
    rig.loop.beginTurns();
    clientWithStreams(1);
    rig.clients.getFirst().answer(1, false);
    rig.socket.writable = false;
    rig.clients.getFirst().upstream().onData(1, Unpooled.wrappedBuffer(new byte[4096]), false);
    rig.loop.flushDirty();
    assertThat(rig.socket.sends).isOne();
  }

  @Test
  void whatWasWrittenIsSent_whenTheConnectionIsCutInTheSameTurn() {
    rig.loop.beginTurns();
    clientWithStreams(2);
    rig.clients.getFirst().answer(1, true);
    rig.loop.flushDirty();
    rig.wire().abort(OVER);
    assertThat(rig.socket.sent).isEqualTo(1);
    assertThat(rig.socket.closed).isTrue();
    rig.wire().gone();
    rig.loop.endTurn();
    assertThat(rig.socket.sends).isOne();
  }

  @Test
  void whatIsWrittenToATunnelIsSentWithEachEvent() {
    rig.loop.beginTurns();
    ScriptedCodec client = clientWithStreams(1);
    rig.clients.getFirst().answer(1, false);
    rig.loop.endTurn();
    client.client().becomeTunnel(1);
    rig.clients.getFirst().upstream().onData(1, Unpooled.wrappedBuffer(new byte[1]), false);
    rig.loop.flushDirty();
    assertThat(rig.socket.sends).isEqualTo(2);
  }
}
