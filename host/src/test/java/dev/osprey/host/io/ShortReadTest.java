package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.LoopThread;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.message.Reset;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is read past Netty's pipeline, what goes through it, and that nobody can tell. */
@Timeout(60)
class ShortReadTest {
  private final TrackingAllocator allocator = new TrackingAllocator();
  private final AtomicReference<Reset> closed = new AtomicReference<>();
  private final AtomicInteger passed = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private MultiThreadIoEventLoopGroup group;
  private ServerSocket server;
  private Socket peer;
  private Loop loop;
  private Channel channel;
  private volatile ChannelConduit conduit;

  private final class Owner implements WireOwner {
    @Override
    public void bytes() {
      ByteBuf data = Objects.requireNonNull(wire().takeUnread());
      bytes.addAndGet(data.readableBytes());
      data.release();
    }

    @Override
    public void inputEnded() {
      ends.incrementAndGet();
    }

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {
      closed.set(why);
    }
  }

  /** Stands in front of the conduit and counts what comes through the pipeline. */
  private final class Counting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      passed.incrementAndGet();
      context.fireChannelRead(message);
    }
  }

  @BeforeEach
  void connects() throws Exception {
    assumeTrue(Epoll.isAvailable());
    group =
        new MultiThreadIoEventLoopGroup(
            1, (ThreadFactory) body -> new LoopThread(body, "short-read"), new KeptEpoll());
    EventLoop eventLoop = group.next();
    loop = new Loop(0, IoModel.REACTOR, eventLoop, allocator);
    eventLoop.submit(loop::beginTurns).sync();
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    channel =
        new Bootstrap()
            .group(eventLoop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, allocator)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes(() -> ReadSizes.MOST))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    conduit = new ChannelConduit(loop, made, new Owner());
                    made.pipeline().addLast(new Counting(), conduit);
                  }
                })
            .connect(server.getLocalSocketAddress())
            .sync()
            .channel();
    peer = server.accept();
  }

  @AfterEach
  void leavesNothing() throws Exception {
    peer.close();
    server.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    allocator.assertNothingLeaks();
  }

  private Wire wire() {
    return conduit.wire();
  }

  private void send(int length) throws Exception {
    long before = bytes.get();
    peer.getOutputStream().write(new byte[length]);
    await().atMost(10, TimeUnit.SECONDS).until(() -> bytes.get() == before + length);
  }

  @Test
  void onlyTheFirstReadGoesThroughThePipeline() throws Exception {
    for (int i = 0; i < 10; i++) {
      send(100);
    }
    assertThat(passed).hasValue(1);
  }

  @Test
  void readsGrowForBulk_andNothingIsHeldOnceAllIsRead() throws Exception {
    send(1);
    send(4 << 20);
    assertThat(passed).hasValue(1);
    await().atMost(5, TimeUnit.SECONDS).until(() -> allocator.liveBytes() == 0);
  }

  @Test
  void theEndIsTold_once() throws Exception {
    send(1);
    send(1);
    peer.shutdownOutput();
    await().atMost(5, TimeUnit.SECONDS).until(() -> ends.get() == 1);
    channel
        .eventLoop()
        .submit(() -> wire().closeAfterFlush(Reset.byHost(Reset.Reason.CANCELLED, "a test")))
        .sync();
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() != null);
    assertThat(ends).hasValue(1);
  }

  @Test
  void aResetIsAFailure_notAnEnd() throws Exception {
    send(1);
    send(1);
    peer.setSoLinger(true, 0);
    peer.close();
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() != null);
    assertThat(closed.get().reason()).isEqualTo(Reset.Reason.CONNECTION_LOST);
    assertThat(closed.get().detail()).contains("reset");
    assertThat(wire().isBroken()).isTrue();
    assertThat(ends).hasValue(0);
  }

  @Test
  void nothingIsReadDuringAPause() throws Exception {
    send(1);
    send(1);
    channel.eventLoop().submit(() -> wire().reading(false)).sync();
    peer.getOutputStream().write(new byte[100]);
    // Two turns of the loop, in which it would have been seen.
    channel.eventLoop().schedule(() -> {}, 100, TimeUnit.MILLISECONDS).sync();
    assertThat(bytes).hasValue(2);
    channel.eventLoop().submit(() -> wire().reading(true)).sync();
    await().atMost(5, TimeUnit.SECONDS).until(() -> bytes.get() == 102);
  }
}
