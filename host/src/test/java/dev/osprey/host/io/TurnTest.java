package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.LoopThread;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.message.Reset;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a loop on epoll sends what many events write to one socket, and that it does. */
@Timeout(30)
class TurnTest {
  private static final int SOURCES = 8;

  private final AtomicInteger sends = new AtomicInteger();
  private final List<Socket> peers = new ArrayList<>();
  private MultiThreadIoEventLoopGroup group;
  private ServerSocket listener;
  private Loop loop;
  private Wire shared;
  private Socket client;

  @BeforeEach
  void start() throws Exception {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    ThreadFactory threads = body -> new LoopThread(body, "turn-test");
    group = new MultiThreadIoEventLoopGroup(1, threads, new KeptEpoll());
    EventLoop eventLoop = group.next();
    loop = new Loop(0, IoModel.REACTOR, eventLoop, UnpooledByteBufAllocator.DEFAULT);
    eventLoop.submit(loop::beginTurns).get();
    shared = connect(wire -> {});
    client = peers.getLast();
    client.setSoTimeout(10_000);
    eventLoop.submit(() -> shared.shared(true)).get();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket peer : peers) {
      peer.close();
    }
    listener.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /** A connection from the loop to a socket of the test. */
  private Wire connect(Consumer<Wire> onBytes) throws Exception {
    AtomicReference<Wire> made = new AtomicReference<>();
    Owner owner = new Owner(made, onBytes);
    new Bootstrap()
        .group(group)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                ChannelConduit conduit = new ChannelConduit(loop, channel, owner);
                made.set(conduit.wire());
                channel.pipeline().addLast(new Counter(conduit), conduit);
              }
            })
        .connect(listener.getLocalSocketAddress())
        .sync();
    peers.add(listener.accept());
    return made.get();
  }

  private List<Socket> sources() throws Exception {
    List<Socket> sources = new ArrayList<>();
    for (int i = 0; i < SOURCES; i++) {
      connect(wire -> {
        ByteBuf bytes = wire.takeUnread();
        if (bytes != null) {
          shared.write(bytes);
        }
      });
      sources.add(peers.getLast());
    }
    return sources;
  }

  private byte[] read(int bytes) throws IOException {
    return client.getInputStream().readNBytes(bytes);
  }

  @Test
  void whatManySocketsBringInOneTurn_isSentOnce() throws Exception {
    List<Socket> sources = sources();
    CountDownLatch all = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    loop.execute(() -> {
      busy.countDown();
      await(all);
    });
    busy.await();
    for (Socket source : sources) {
      source.getOutputStream().write('x');
    }
    all.countDown();
    assertThat(read(SOURCES)).hasSize(SOURCES).containsOnly('x');
    assertThat(sends).hasValue(1);
  }

  @Test
  void everyByteArrives_howeverTheyCome() throws Exception {
    List<Socket> sources = sources();
    for (int i = 0; i < 500; i++) {
      sources.get(i % SOURCES).getOutputStream().write(i);
      assertThat(read(1)).containsExactly((byte) i);
    }
  }

  @Test
  void whatTasksWrite_isSentBeforeTheLoopWaits() throws Exception {
    for (int i = 0; i < 500; i++) {
      byte[] one = {(byte) i};
      loop.execute(() -> shared.write(Unpooled.wrappedBuffer(one)));
      assertThat(read(1)).containsExactly(one);
    }
  }

  @Test
  void whatManyTasksWrite_isSentOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    loop.execute(() -> await(all));
    for (int i = 0; i < 20; i++) {
      loop.execute(() -> shared.write(Unpooled.wrappedBuffer(new byte[] {'t'})));
    }
    all.countDown();
    assertThat(read(20)).hasSize(20);
    assertThat(sends).hasValue(1);
  }

  @Test
  void whatATickWrites_isSentBeforeTheLoopWaits() throws Exception {
    loop.executor()
        .execute(() -> {
          loop.everyTick(() -> shared.write(Unpooled.wrappedBuffer(new byte[] {'t'})));
          loop.tick();
        });
    assertThat(read(1)).containsExactly('t');
  }

  @Test
  void whatATimerWrites_isSentBeforeTheLoopWaits() throws Exception {
    Wheel.Timer timer =
        new Wheel.Timer(now -> {
          shared.write(Unpooled.wrappedBuffer(new byte[] {'w'}));
          return Wheel.Expiry.NEVER;
        });
    loop.executor()
        .execute(() -> {
          loop.wheel().ensure(timer, loop.now(), loop.now());
          loop.wheel().advance(loop.now() + 3 * Wheel.TICK_NANOS);
        });
    assertThat(read(1)).containsExactly('w');
  }

  @Test
  void moreThanTheSocketTakes_arrivesInFull() throws Exception {
    int pieces = 400;
    loop.execute(() -> {
      for (int i = 0; i < pieces; i++) {
        shared.write(Unpooled.wrappedBuffer(new byte[64 * 1024]));
      }
    });
    assertThat(read(pieces * 64 * 1024)).hasSize(pieces * 64 * 1024);
    loop.execute(() -> shared.write(Unpooled.wrappedBuffer(new byte[] {'e'})));
    assertThat(read(1)).containsExactly('e');
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Counts how often the shared wire's socket is told to send. */
  private final class Counter extends ChannelOutboundHandlerAdapter {
    private final ChannelConduit of;

    Counter(ChannelConduit of) {
      this.of = of;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very same wire is meant
    public void flush(ChannelHandlerContext context) {
      if (of.wire() == shared) {
        sends.incrementAndGet();
      }
      context.flush();
    }
  }

  private record Owner(AtomicReference<Wire> wire, Consumer<Wire> onBytes) implements WireOwner {
    @Override
    public void bytes() {
      onBytes.accept(wire.get());
    }

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {}
  }
}
