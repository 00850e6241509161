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
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One listening socket per event loop on the same port, or one where that can't be had. */
final class ReactorListener implements Listening {
  private static final int BACKLOG = 4096;

  private final String name;
  private final InetSocketAddress wanted;
  private final AtomicInteger open = new AtomicInteger();
  private final List<Channel> channels = new ArrayList<>();
  private InetSocketAddress address;

  private ReactorListener(ListenerPlan plan, InetSocketAddress address) {
    this.name = plan.name();
    this.wanted = plan.address();
    this.address = address;
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
    ReactorListener bound = new ReactorListener(plan, address);
    for (Worker worker : workers) {
      Acceptor acceptor =
          new Acceptor(worker, plan.name(), stats.tally("listener." + plan.name()), bound.open);
      bound.bind(new Greeter(acceptor), sockets, alloc);
      if (!sockets.canSharePorts()) {
        break;
      }
    }
    return bound;
  }

  private void bind(Greeter greeter, Sockets sockets, ByteBufAllocator alloc) throws BindFailure {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group((EventLoop) greeter.loop().executor())
            .channel(sockets.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOCATOR, alloc)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(greeter);
    if (sockets.canSharePorts()) {
      bootstrap.option(sockets.reusePort(), true);
    }
    ChannelFuture done = bootstrap.bind(address).awaitUninterruptibly();
    if (!done.isSuccess()) {
      close();
      throw new BindFailure(name + ": " + done.cause().getMessage());
    }
    channels.add(done.channel());
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
    channels.forEach(channel -> channel.config().setAutoRead(true));
  }

  @Override
  public void close() {
    channels.forEach(channel -> channel.close().awaitUninterruptibly());
    channels.clear();
  }

  /** Turns an accepted channel into a connection, on its loop. */
  @ChannelHandler.Sharable
  private static final class Greeter extends ChannelInboundHandlerAdapter {
    private final Acceptor acceptor;

    Greeter(Acceptor acceptor) {
      this.acceptor = acceptor;
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
      config.setRecvByteBufAllocator(Sockets.reads());
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
