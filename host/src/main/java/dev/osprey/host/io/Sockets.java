package dev.osprey.host.io;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.overload.Overload;
import dev.osprey.host.stream.Connector;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kind of sockets in use: the one that was wished for, or the next that can be had. */
@SuppressWarnings("EnumOrdinal") // transports stand in the order in which they are tried
final class Sockets implements Connector {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  private static final int MOST_ACCEPTS = 16;

  private final Transport transport;
  private final boolean nioSharesPorts;
  private final ByteBufAllocator allocator;
  private final RecvByteBufAllocator reads;

  Sockets(Transport wish, ByteBufAllocator allocator, Overload overload) {
    this.allocator = allocator;
    this.reads = new ReadSizes(overload::readBytes);
    this.transport = choose(wish);
    this.nioSharesPorts = transport == Transport.NIO && nioSharesPorts();
  }

  private static Transport choose(Transport wish) {
    String obstacle =
        switch (wish) {
          case IO_URING -> UringSockets.obstacle();
          case EPOLL -> Epoll.isAvailable() ? null : words(Epoll.unavailabilityCause());
          case NIO -> null;
        };
    if (obstacle == null) {
      return wish;
    }
    Transport next = Transport.values()[wish.ordinal() + 1];
    LOG.info("no {} ({}), trying {}", wish.label(), obstacle, next.label());
    return choose(next);
  }

  /** The innermost reason. */
  static String words(@Nullable Throwable cause) {
    Throwable at = cause;
    while (at != null && at.getCause() != null) {
      at = at.getCause();
    }
    return at == null ? "unknown" : at.getClass().getSimpleName() + ": " + at.getMessage();
  }

  /** What is in use. */
  Transport transport() {
    return transport;
  }

  IoHandlerFactory ioHandlers() {
    return switch (transport) {
      case IO_URING -> UringSockets.ioHandlers();
      case EPOLL -> new KeptEpoll();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  Class<? extends ServerChannel> serverChannel() {
    return switch (transport) {
      case IO_URING -> UringSockets.serverChannel();
      case EPOLL -> EpollServerSocketChannel.class;
      case NIO -> NioServerSocketChannel.class;
    };
  }

  private Class<? extends Channel> channel() {
    return switch (transport) {
      case IO_URING -> UringSockets.channel();
      case EPOLL -> EpollSocketChannel.class;
      case NIO -> NioSocketChannel.class;
    };
  }

  /** True when every loop can listen on the same port. */
  boolean canSharePorts() {
    return transport != Transport.NIO || nioSharesPorts;
  }

  ChannelOption<Boolean> reusePort() {
    return transport == Transport.NIO
        ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT)
        : UnixChannelOption.SO_REUSEPORT;
  }

  private static boolean nioSharesPorts() {
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      return probe.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    } catch (IOException e) {
      return false;
    }
  }

  /** How large reads are. */
  RecvByteBufAllocator reads() {
    return reads;
  }

  /** Accepts what waits, up to a number, whenever the loop comes by; Netty's default is one. */
  static RecvByteBufAllocator accepts() {
    return new FixedRecvByteBufAllocator(1)
        .respectMaybeMoreData(false)
        .maxMessagesPerRead(MOST_ACCEPTS);
  }

  static WriteBufferWaterMark marks(int limit) {
    return new WriteBufferWaterMark(Math.max(1, limit / 2), limit);
  }

  @Override
  public void connect(
      Loop loop,
      InetSocketAddress endpoint,
      Duration timeout,
      int bufferLimit,
      WireOwner owner,
      Outcome outcome) {
    ChannelConduit[] made = new ChannelConduit[1];
    Bootstrap bootstrap =
        new Bootstrap()
            .group((EventLoop) loop.executor())
            .channel(channel())
            .option(ChannelOption.ALLOCATOR, allocator)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Connector.millis(timeout))
            .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, marks(bufferLimit))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    made[0] = new ChannelConduit(loop, channel, owner);
                    channel.pipeline().addLast(made[0]);
                  }
                });
    var _ =
        bootstrap
            .connect(endpoint)
            .addListener(done -> {
              loop.touch();
              if (done.isSuccess()) {
                outcome.connected(made[0].wire());
              } else {
                outcome.failed(reason(endpoint, ((ChannelFuture) done).cause()));
              }
              loop.flushDirty();
            });
  }

  /** Why connecting failed, with the endpoint: Netty names it at the end, in the JDK's words. */
  static String reason(InetSocketAddress endpoint, Throwable cause) {
    String address = AddressText.of(endpoint);
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return address + ": " + text.replace(": " + endpoint, "");
  }
}
