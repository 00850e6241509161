package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.message.Reset;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent past Netty's queue, what goes through it, and that nobody can tell. */
@Timeout(60)
class ChannelConduitTest {
  private static final int LIMIT = 4 << 20;
  private static final int SMALL_BUFFER = 16 * 1024;
  private static final int LARGE = 2 << 20;

  private final TrackingAllocator allocator = new TrackingAllocator();
  private final AtomicReference<Reset> closed = new AtomicReference<>();
  private final AtomicInteger writables = new AtomicInteger();
  private MultiThreadIoEventLoopGroup group;
  private ServerSocket server;
  private Socket peer;
  private Loop loop;
  private Channel channel;
  private ChannelConduit conduit;
  private int next;

  private final class Owner implements WireOwner {
    @Override
    public void bytes() {
      Wire wire = conduit.wire();
      Objects.requireNonNull(wire.takeUnread()).release();
    }

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {
      writables.incrementAndGet();
    }

    @Override
    public void closed(Reset why) {
      closed.set(why);
    }
  }

  @BeforeEach
  void connects() throws Exception {
    assumeTrue(Epoll.isAvailable());
    group = new MultiThreadIoEventLoopGroup(1, new KeptEpoll());
    EventLoop eventLoop = group.next();
    loop = new Loop(0, IoModel.REACTOR, eventLoop, allocator);
    server = new ServerSocket();
    server.setReceiveBufferSize(SMALL_BUFFER);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel = connected(eventLoop);
    peer = server.accept();
    conduit = channel.pipeline().get(ChannelConduit.class);
  }

  private Channel connected(EventLoop eventLoop) throws InterruptedException {
    return new Bootstrap()
        .group(eventLoop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.ALLOCATOR, allocator)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.SO_SNDBUF, SMALL_BUFFER)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Sockets.marks(LIMIT))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel made) {
                made.pipeline().addLast(new ChannelConduit(loop, made, new Owner()));
              }
            })
        .connect(server.getLocalSocketAddress())
        .sync()
        .channel();
  }

  @AfterEach
  void leavesNothing() throws Exception {
    peer.close();
    server.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    allocator.assertNothingLeaks();
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    return channel.eventLoop().submit(work).get(20, TimeUnit.SECONDS);
  }

  /** Bytes that go on counting where the last ones ended. */
  private ByteBuf counting(int length) {
    ByteBuf data = allocator.directBuffer(length);
    for (int i = 0; i < length; i++) {
      data.writeByte(next++ % 251);
    }
    return data;
  }

  private void assertThatPeerGetsAllAndTheEnd() throws IOException {
    byte[] all = peer.getInputStream().readAllBytes();
    byte[] expected = new byte[next];
    for (int i = 0; i < next; i++) {
      expected[i] = (byte) (i % 251);
    }
    assertThat(all).hasSize(next);
    assertThat(Arrays.mismatch(all, expected)).isEqualTo(-1);
  }

  private long inNettysQueue() {
    return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
  }

  @Test
  void sendsOneBufferPastTheQueue() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(1000));
          assertThat(conduit.queuedBytes()).isEqualTo(1000);
          assertThat(inNettysQueue()).isZero();
          conduit.flush();
          assertThat(conduit.queuedBytes()).isZero();
          assertThat(allocator.liveBytes()).isZero();
          return true;
        });
    assertThat(peer.getInputStream().readNBytes(1000)).hasSize(1000).startsWith(0, 1, 2);
  }

  @Test
  void sendsInOrder_whenSeveralBuffersAreWrittenInATurn() throws Exception {
    var _ =
        onLoop(() -> {
          for (int i = 1; i < 5; i++) {
            conduit.write(counting(100 * i));
          }
          conduit.flush();
          conduit.write(counting(50));
          conduit.endOutput();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
  }

  @Test
  void queuesTheRest_whenTheSocketTakesOnlyAPart_andEndsBehindIt() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(LARGE));
          conduit.flush();
          assertThat(conduit.queuedBytes()).isBetween(1L, (long) LARGE);
          assertThat(conduit.isWritable()).isTrue();
          conduit.write(counting(1000));
          conduit.flush();
          conduit.write(counting(3000));
          conduit.endOutput();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
    assertThat(onLoop(conduit::queuedBytes)).isZero();
  }

  @Test
  void endsBehindABufferThatWasNotFlushed() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(LARGE));
          conduit.endOutput();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
  }

  @Test
  void closesBehindABufferThatWasNotFlushed() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(LARGE));
          conduit.closeAfterQueue();
          assertThat(conduit.queuedBytes()).isPositive();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() != null);
  }

  @Test
  void isNotWritable_fromALargeBufferOnUntilHalfOfTheLimitIsLeft() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(LIMIT + 1));
          assertThat(conduit.isWritable()).isFalse();
          conduit.flush();
          conduit.write(counting(10));
          conduit.endOutput();
          return true;
        });
    assertThat(writables).hasValue(0);
    assertThatPeerGetsAllAndTheEnd();
    await().atMost(5, TimeUnit.SECONDS).untilAtomic(writables, n -> assertThat(n).isEqualTo(1));
  }

  @Test
  void holdsNothingLargerThanTheRoomItWasLeft() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.room(1000);
          conduit.write(counting(1001));
          assertThat(inNettysQueue()).isPositive();
          assertThat(conduit.isWritable()).isFalse();
          conduit.flush();
          conduit.room(Integer.MAX_VALUE);
          conduit.write(counting(1001));
          assertThat(inNettysQueue()).isZero();
          assertThat(conduit.isWritable()).isTrue();
          conduit.endOutput();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
  }

  @Test
  void countsWhatTheSocketDidNotTake_towardsTheLimit() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(LARGE));
          conduit.flush();
          conduit.write(counting(LARGE));
          conduit.write(counting(LARGE));
          assertThat(conduit.isWritable()).isFalse();
          conduit.endOutput();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
    await().atMost(5, TimeUnit.SECONDS).untilAtomic(writables, n -> assertThat(n).isEqualTo(1));
  }

  @Test
  void leavesABufferOfTheHeapToNetty() throws Exception {
    var _ =
        onLoop(() -> {
          ByteBuf direct = counting(3000);
          conduit.write(allocator.heapBuffer().writeBytes(direct));
          direct.release();
          conduit.endOutput();
          return true;
        });
    assertThatPeerGetsAllAndTheEnd();
  }

  @Test
  void losesWhatIsHeld_whenItIsClosedAtOnce() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(1000));
          conduit.close();
          assertThat(allocator.liveBytes()).isZero();
          assertThat(conduit.queuedBytes()).isZero();
          return true;
        });
    assertThat(peer.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void dropsWhatComesAfterTheClose() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.close();
          conduit.write(counting(1000));
          conduit.flush();
          assertThat(allocator.liveBytes()).isZero();
          return true;
        });
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() != null);
  }

  @Test
  void sendsWhatIsHeld_beforeAReset() throws Exception {
    var _ =
        onLoop(() -> {
          conduit.write(counting(1000));
          conduit.reset();
          return true;
        });
    assertThat(peer.getInputStream().readNBytes(1000)).hasSize(1000);
    assertThatThrownBy(peer.getInputStream()::read).isInstanceOf(SocketException.class);
  }

  @Test
  void fails_whenThePeerHasReset() throws Exception {
    var _ =
        onLoop(() -> {
          peer.setSoLinger(true, 0);
          peer.close();
          conduit.write(counting(1000));
          conduit.flush();
          assertThat(allocator.liveBytes()).isZero();
          return true;
        });
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() != null);
    assertThat(closed.get().reason()).isEqualTo(Reset.Reason.CONNECTION_LOST);
    assertThat(closed.get().detail()).startsWith("send").containsAnyOf("reset", "pipe");
  }
}
