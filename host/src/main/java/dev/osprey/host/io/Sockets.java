package dev.osprey.host.io;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.stream.Connector;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kind of sockets in use: epoll, or NIO where epoll is missing. */
final class Sockets implements Connector {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  private final boolean epoll;
  private final boolean nioSharesPorts;
  private final ByteBufAllocator allocator;

  Sockets(ByteBufAllocator allocator) {
    this.allocator = allocator;
    this.epoll = Epoll.isAvailable();
    this.nioSharesPorts = !epoll && nioSharesPorts();
    if (!epoll) {
      Throwable cause = Epoll.unavailabilityCause();
      LOG.info("no epoll ({}), using NIO", cause == null ? "unknown" : cause.getMessage());
    }
  }

  boolean isEpoll() {
    return epoll;
  }

  IoHandlerFactory ioHandlers() {
    return epoll ? new KeptEpoll() : NioIoHandler.newFactory();
  }

  Class<? extends ServerChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** True when every loop can listen on the same port. */
  boolean canSharePorts() {
    return epoll || nioSharesPorts;
  }

  ChannelOption<Boolean> reusePort() {
    return epoll
        ? EpollChannelOption.SO_REUSEPORT
        : NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
  }

  private static boolean nioSharesPorts() {
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      return probe.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    } catch (IOException e) {
      return false;
    }
  }

  /** Small for small messages, large for bulk: large reads pay most there. */
  static RecvByteBufAllocator reads() {
    return new AdaptiveRecvByteBufAllocator(512, 2048, 256 * 1024);
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
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, allocator)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
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

  private static String reason(InetSocketAddress endpoint, Throwable cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.contains(endpoint.getHostString()) ? text : endpoint + ": " + text;
  }
}
