package dev.osprey.host.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a wire ends while its peer takes what was written late, or never. */
class WireClosingTest {
  private static final Reset OVER = Reset.byHost(Reset.Reason.CANCELLED, "a test");

  private final Loop loop =
      new Loop(0, IoModel.REACTOR, task -> {}, UnpooledByteBufAllocator.DEFAULT);
  private final SlowPeer peer = new SlowPeer();
  private final Wire wire = new Wire(loop, peer, new Owner());
  private final long start = loop.now();

  @AfterEach
  void close() {
    wire.gone();
  }

  private void after(int seconds) {
    loop.wheel().advance(start + Duration.ofSeconds(seconds).toNanos() + 2 * Wheel.TICK_NANOS);
  }

  private void write() {
    wire.write(Unpooled.directBuffer().writeZero(100_000));
  }

  @Test
  void waitsForAPeerThatPauses_andStaysASecondForWhatItStillSends() {
    write();
    wire.closeAfterFlush(OVER);
    for (int second = 1; second < 30; second++) {
      after(second);
      assertThat(peer.closed).as("after %d s", second).isFalse();
    }
    peer.queued = 0;
    after(31);
    assertThat(peer.closed).as("it has just got all").isFalse();
    after(33);
    assertThat(peer.closed).isTrue();
    assertThat(peer.reset).as("an orderly end").isFalse();
  }

  @Test
  void waitsForAPeerThatHasEnded_asLongAsItTakesAnything() {
    wire.endReceived();
    write();
    wire.closeAfterFlush(OVER);
    for (int second = 50; second < 500; second += 50) {
      peer.queued -= 100;
      after(second);
      assertThat(peer.closed).as("after %d s", second).isFalse();
    }
  }

  @Test
  void isReset_whenThePeerTakesNothingForAMinute() {
    write();
    wire.closeAfterFlush(OVER);
    after(58);
    assertThat(peer.closed).isFalse();
    after(62);
    assertThat(peer.reset).as("what it has got is not all").isTrue();
    assertThat(peer.closed).isTrue();
  }

  @Test
  void isResetToo_whenThePeerHadEndedBefore() {
    wire.endReceived();
    write();
    wire.closeOnceSent(OVER);
    after(62);
    assertThat(peer.reset).isTrue();
    assertThat(peer.closed).isTrue();
  }

  @Test
  void isReset_whenBothDirectionsEndedByThemselves() {
    write();
    wire.endOutput();
    wire.endReceived();
    after(62);
    assertThat(peer.reset).isTrue();
    assertThat(peer.closed).isTrue();
  }

  /** Takes nothing by itself; remembers how it was ended. */
  private static final class SlowPeer implements Conduit {
    private final SocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private long queued;
    private boolean closed;
    private boolean reset;

    @Override
    public void reading(boolean on) {}

    @Override
    public void write(ByteBuf data) {
      queued += data.readableBytes();
      data.release();
    }

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public long queuedBytes() {
      return queued;
    }

    @Override
    public void endOutput() {}

    @Override
    public void closeAfterQueue() {
      closed |= queued == 0;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void reset() {
      reset = true;
    }

    @Override
    public SocketAddress peer() {
      return address;
    }

    @Override
    public SocketAddress local() {
      return address;
    }
  }

  /** Has nothing to say. */
  private static final class Owner implements WireOwner {
    @Override
    public void bytes() {}

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {}
  }
}
