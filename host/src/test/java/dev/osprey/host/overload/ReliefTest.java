package dev.osprey.host.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.loop.Conduit;
import dev.osprey.host.loop.Connection;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReliefTest {
  private final FakeMemory memory = new FakeMemory();
  private final Stats stats = new Stats();
  private final Loop loop =
      new Loop(0, IoModel.REACTOR, Runnable::run, UnpooledByteBufAllocator.DEFAULT);
  private final Peer small = new Peer();
  private final Peer large = new Peer();
  private final Peer moving = new Peer();

  ReliefTest() {
    Relief.install(loop, new Overload(Overload.Limits.DEFAULT, memory, stats::counter));
    small.queue(100);
    large.queue(300);
    moving.queue(400);
  }

  @Test
  void resetsTheWorstOfThoseThatTakeNothing_untilThereIsEnough() {
    memory.use(820);
    tickUntil(large::isReset);
    assertThat(small.isReset()).isFalse();
    assertThat(moving.isReset()).isFalse();
    assertThat(large.why).isNotNull();
    assertThat(large.why.reason()).isEqualTo(Reset.Reason.OVERFLOW);
    assertThat(large.why.detail())
        .isEqualTo("overload: 300 bytes wait for a peer that takes nothing");
    assertThat(stats.counters()).containsEntry("overload.cx_reset", 1L);
  }

  @Test
  void resetsNobody_whileThereIsEnough_orItIsOnlyTight() {
    memory.use(799);
    tickFor(Duration.ofMillis(300));
    assertThat(large.isReset()).isFalse();
    assertThat(stats.counters()).containsEntry("overload.cx_reset", 0L);
  }

  @Test
  void waitsForNobody_whenItIsCritical_evenBetweenTicks() {
    memory.use(960);
    small.wire.received(Unpooled.buffer(100));
    assertThat(moving.isReset()).as("the one that holds most, however it moves").isTrue();
    assertThat(small.isReset()).isFalse();
  }

  @Test
  void wiresQueueLess_whileItIsTight() {
    large.queue(1);
    assertThat(large.room).isZero();
    memory.use(500);
    loop.tick();
    large.queue(1);
    assertThat(large.room).isEqualTo(Level.TIGHT.outputBytes());
    memory.use(0);
    loop.tick();
    large.queue(1);
    assertThat(large.room).isEqualTo(Integer.MAX_VALUE);
  }

  private void tickUntil(java.util.concurrent.Callable<Boolean> reached) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          tick();
          return reached.call();
        });
  }

  private void tickFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          tick();
          return System.nanoTime() > end;
        });
  }

  /** A tick, before which one of the peers has taken something. */
  private void tick() {
    moving.take(1);
    moving.queue(1);
    loop.tick();
  }

  /** A peer at the other end of a wire that takes what a test says; its bytes are the memory's. */
  private final class Peer implements Conduit, Connection, WireOwner {
    private final Wire wire = new Wire(loop, this, this);
    private long queued;
    private int room;
    private int place = -1;
    private @Nullable Reset why;

    Peer() {
      loop.add(this);
    }

    void queue(int bytes) {
      wire.write(Unpooled.wrappedBuffer(new byte[bytes]));
      loop.flushDirty();
    }

    void take(int bytes) {
      queued -= bytes;
    }

    boolean isReset() {
      return why != null;
    }

    @Override
    public void wires(Consumer<Wire> visitor) {
      visitor.accept(wire);
    }

    @Override
    public void write(ByteBuf data) {
      queued += data.readableBytes();
      data.release();
    }

    @Override
    public void room(int bytes) {
      room = bytes;
    }

    @Override
    public long queuedBytes() {
      return queued;
    }

    @Override
    public void close() {
      memory.use(memory.inUse - queued);
      queued = 0;
      wire.gone();
    }

    @Override
    public void closed(Reset reason) {
      why = reason;
      loop.remove(this);
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public SocketAddress peer() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public SocketAddress local() {
      return peer();
    }

    @Override
    public int place() {
      return place;
    }

    @Override
    public void place(int next) {
      place = next;
    }

    @Override
    public ConnectionView view(long now) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void reading(boolean on) {}

    @Override
    public void flush() {}

    @Override
    public void endOutput() {}

    @Override
    public void closeAfterQueue() {}

    @Override
    public void reset() {}

    @Override
    public void bytes() {}

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void adopt(Generation next, Moving by) {}

    @Override
    public void goodbye() {}

    @Override
    public void abort(Reset reason) {}

    @Override
    public void evict(Extension extension, Reset reason) {}
  }
}
