package dev.osprey.host.io;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Worker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket per event loop on the same port, or one where that can't be had. */
final class ReactorListener implements Listening {
  private static final Logger LOG = LoggerFactory.getLogger(ReactorListener.class);
  private static final int BACKLOG = 4096;
  // What Netty writes an accepted peer's address to: length, address, scope and port.
  private static final int PEER_BYTES = 26;

  private final String name;
  private final InetSocketAddress wanted;
  private final ByteBufAllocator alloc;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Channel, Greeter> channels = new ConcurrentHashMap<>();
  private InetSocketAddress address;

  private ReactorListener(ListenerPlan plan, InetSocketAddress address, ByteBufAllocator alloc) {
    this.name = plan.name();
    this.wanted = plan.address();
    this.address = address;
    this.alloc = alloc;
  }

  /**
   * Binds without accepting.
   *
   * @param address the plan's, or what its port 0 has become before
   * @throws BindFailure when the address can't be had
   */
  static ReactorListener bind(
      ListenerPlan plan,
      InetSocketAddress address,
      List<Worker> workers,
      Sockets sockets,
      Stats stats,
      ByteBufAllocator alloc)
      throws BindFailure {
    ReactorListener bound = new ReactorListener(plan, address, alloc);
    for (Worker worker : workers) {
      Acceptor acceptor =
          new Acceptor(worker, plan.name(), stats.tally("listener." + plan.name()), bound.open);
      bound.bind(new Greeter(acceptor, sockets), sockets);
      if (!sockets.canSharePorts()) {
        break;
      }
    }
    return bound;
  }

  private void bind(Greeter greeter, Sockets sockets) throws BindFailure {
    // Netty's sockets have TCP_NODELAY from the start: as an option it would cost a system call for
    // each connection.
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group((EventLoop) greeter.loop().executor())
            .channel(sockets.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, Sockets.accepts())
            .childOption(ChannelOption.ALLOCATOR, alloc)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(greeter);
    if (sockets.canSharePorts()) {
      bootstrap.option(sockets.reusePort(), true);
    }
    ChannelFuture done = bootstrap.bind(address).awaitUninterruptibly();
    if (!done.isSuccess()) {
      close();
      throw BindFailure.of(name, address, done.cause());
    }
    channels.put(done.channel(), greeter);
    // With port 0 the first socket chooses and the others follow.
    address = (InetSocketAddress) done.channel().localAddress();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InetSocketAddress wanted() {
    return wanted;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public IoModel model() {
    return IoModel.REACTOR;
  }

  @Override
  public int openConnections() {
    return open.get();
  }

  @Override
  public void accept() {
    channels.keySet().forEach(channel -> channel.config().setAutoRead(true));
  }

  @Override
  public void hold(boolean on) {
    channels.keySet().forEach(channel -> channel.config().setAutoRead(!on));
  }

  @Override
  public void close() {
    channels.forEach((channel, greeter) -> {
      var _ =
          channel
              .eventLoop()
              .submit(() -> {
                acceptWaiting(channel, greeter);
                var _ = channel.close();
              })
              .awaitUninterruptibly();
    });
    channels.keySet().forEach(channel -> channel.closeFuture().awaitUninterruptibly());
    channels.clear();
  }

  /**
   * Takes what waits in the backlog, on the loop: the kernel would reset it, although to the client
   * it is connected already. Only epoll's sockets let themselves be asked like that.
   */
  private void acceptWaiting(Channel channel, Greeter greeter) {
    if (!(channel instanceof EpollServerSocketChannel server)) {
      return;
    }
    byte[] peer = new byte[PEER_BYTES];
    try {
      for (int i = 0; i < BACKLOG; i++) {
        int accepted = ((Socket) server.fd()).accept(peer);
        if (accepted < 0) {
          return;
        }
        EpollSocketChannel child = new EpollSocketChannel(accepted);
        child.config().setAllocator(alloc).setAllowHalfClosure(true);
        child.pipeline().addLast(greeter);
        var _ = channel.eventLoop().register(child);
      }
    } catch (IOException failure) {
      LOG.warn("{}: can't accept what waits: {}", name, failure.getMessage());
    }
  }

  /** Turns an accepted channel into a connection, on its loop. */
  @ChannelHandler.Sharable
  private static final class Greeter extends ChannelInboundHandlerAdapter {
    private final Acceptor acceptor;
    private final Sockets sockets;

    Greeter(Acceptor acceptor, Sockets sockets) {
      this.acceptor = acceptor;
      this.sockets = sockets;
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    Loop loop() {
      return acceptor.worker().loop();
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) {
      Channel channel = context.channel();
      loop().touch();
      ListenerPlan plan = acceptor.admit();
      if (plan == null) {
        var _ = channel.close();
        return;
      }
      var config = channel.config();
      config.setWriteBufferWaterMark(Sockets.marks(plan.bufferLimitBytes()));
      config.setRecvByteBufAllocator(sockets.reads());
      acceptor.start(plan, owner -> install(context, owner));
      loop().flushDirty();
    }

    private Wire install(ChannelHandlerContext context, WireOwner owner) {
      ChannelConduit conduit = new ChannelConduit(loop(), context.channel(), owner);
      context.pipeline().replace(this, "wire", conduit);
      return conduit.wire();
    }
  }
}
