package dev.osprey.host.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.loop.Conduit;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a shard sends what many threads write to one socket, and that it does. */
@Timeout(30)
class ShardTurnTest {
  private static final int EVENTS = 20;

  private final Shards shards = new Shards(0, 1, UnpooledByteBufAllocator.DEFAULT);
  private final Shard shard = shards.all().getFirst();
  private final List<Socket> clients = new ArrayList<>();
  private final List<Wire> wires = new ArrayList<>();

  ShardTurnTest() {
    shards.start();
  }

  @AfterEach
  void stop() throws IOException {
    inside(() -> wires.forEach(wire -> wire.cut(Reset.byHost(Reset.Reason.CANCELLED, "over"))));
    for (Socket client : clients) {
      client.close();
    }
    shards.stop();
  }

  @Test
  void whatManyEventsWriteBeforeTheTurnEnds_isSentOnce() {
    Recorder recorder = new Recorder();
    Wire wire = new Wire(shard.loop(), recorder, new Owner());
    wire.shared(true);
    // The strand is held throughout, so who ends the turn waits for all of them.
    inside(() -> {
      for (int i = 0; i < EVENTS; i++) {
        inside(() -> wire.write(one('x')));
      }
      assertThat(recorder.flushes).hasValue(0);
    });
    await().dontCatchUncaughtExceptions().until(() -> recorder.bytes.get() == EVENTS);
    assertThat(recorder.flushes).hasValue(1);
  }

  @Test
  void whatOneStreamWritesToASocketOfItsOwn_waitsForNothing() {
    Recorder recorder = new Recorder();
    Wire wire = new Wire(shard.loop(), recorder, new Owner());
    inside(() -> {
      inside(() -> wire.write(one('x')));
      assertThat(recorder.flushes).hasValue(1);
    });
  }

  @Test
  void everyByteArrives_howeverTheyCome() throws Exception {
    Wire wire = connect(new Owner());
    for (int i = 0; i < 500; i++) {
      int value = i & 0x7F;
      inside(() -> wire.write(one(value)));
      assertThat(clients.getFirst().getInputStream().read()).isEqualTo(value);
    }
  }

  @Test
  void whatAnEarlierEventOfTheTurnWrote_isSentBeforeAnAbort() throws Exception {
    Owner owner = new Owner();
    Wire wire = connect(owner);
    inside(() -> {
      inside(() -> wire.write(one('x')));
      wire.abort(Reset.byHost(Reset.Reason.CANCELLED, "a test"));
    });
    assertThat(clients.getFirst().getInputStream().readAllBytes()).containsExactly('x');
    assertThat(owner.closed.join().detail()).isEqualTo("a test");
  }

  @Test
  void anAbortedPeerThatTakesNothing_isClosedAllTheSame() throws Exception {
    Owner owner = new Owner();
    Wire wire = connect(owner);
    inside(() -> wire.write(Unpooled.wrappedBuffer(new byte[16 << 20])));
    inside(() -> {
      inside(() -> wire.write(one('x')));
      wire.abort(Reset.byHost(Reset.Reason.CANCELLED, "a test"));
    });
    assertThat(owner.closed.join().detail()).isEqualTo("a test");
  }

  @Test
  void aPeerThatTakesNothing_holdsUpNoOther() throws Exception {
    Wire deaf = connect(new Owner());
    Wire wire = connect(new Owner());
    for (int i = 0; i < 100; i++) {
      int value = i;
      inside(() -> {
        deaf.write(Unpooled.wrappedBuffer(new byte[256 << 10]));
        wire.write(one(value));
      });
      assertThat(clients.getLast().getInputStream().read()).isEqualTo(value);
    }
  }

  private static ByteBuf one(int value) {
    return Unpooled.wrappedBuffer(new byte[] {(byte) value});
  }

  private void inside(Runnable event) {
    shard.enter();
    try {
      event.run();
    } finally {
      shard.leave();
    }
  }

  /** A shared wire over a socket whose other end is the last of the clients. */
  private Wire connect(Owner owner) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Socket client = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
      client.setSoTimeout(10_000);
      clients.add(client);
      SocketChannel channel = server.accept();
      inside(() -> {
        BlockingConduit conduit =
            new BlockingConduit(shard, channel, ends(channel), "test", 64 << 10, owner);
        conduit.wire().shared(true);
        wires.add(conduit.wire());
      });
    }
    return wires.getLast();
  }

  private static SocketEnds ends(SocketChannel channel) {
    try {
      return SocketEnds.of(channel);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static final class Owner implements WireOwner {
    private final CompletableFuture<Reset> closed = new CompletableFuture<>();

    @Override
    public void bytes() {}

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {
      closed.complete(why);
    }
  }

  /** Counts what a wire does with its socket. */
  private static final class Recorder implements Conduit {
    private final AtomicInteger flushes = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private int queued;

    @Override
    public void reading(boolean on) {}

    @Override
    public void write(ByteBuf data) {
      queued += data.readableBytes();
      data.release();
    }

    @Override
    public void flush() {
      flushes.incrementAndGet();
      bytes.addAndGet(queued);
      queued = 0;
    }

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
    public void closeAfterQueue() {}

    @Override
    public void close() {}

    @Override
    public void reset() {}

    @Override
    public SocketAddress peer() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public SocketAddress local() {
      return peer();
    }
  }
}
