package dev.osprey.host.io;

import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Worker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The sockets of one listener: one per loop on the same port, or one where that can't be had. */
final class BoundListener {
  private static final int BACKLOG = 4096;

  private final String name;
  private final InetSocketAddress wanted;
  private final AtomicInteger open = new AtomicInteger();
  private final List<Channel> channels = new ArrayList<>();
  private InetSocketAddress address;

  private BoundListener(ListenerPlan plan) {
    this.name = plan.name();
    this.wanted = plan.address();
    this.address = plan.address();
  }

  /**
   * Binds without accepting.
   *
   * @throws BindFailure when the address can't be had
   */
  static BoundListener bind(
      ListenerPlan plan, List<Worker> workers, Sockets sockets, Stats stats, ByteBufAllocator alloc)
      throws BindFailure {
    BoundListener bound = new BoundListener(plan);
    for (Worker worker : workers) {
      Acceptor acceptor =
          new Acceptor(worker, plan.name(), stats.tally("listener." + plan.name()), bound.open);
      bound.bind(worker, acceptor, sockets, alloc);
      if (!sockets.canSharePorts()) {
        break;
      }
    }
    return bound;
  }

  private void bind(Worker worker, Acceptor acceptor, Sockets sockets, ByteBufAllocator alloc)
      throws BindFailure {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group((EventLoop) worker.loop().executor())
            .channel(sockets.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOCATOR, alloc)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(acceptor.greeter());
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

  String name() {
    return name;
  }

  InetSocketAddress wanted() {
    return wanted;
  }

  InetSocketAddress address() {
    return address;
  }

  int openConnections() {
    return open.get();
  }

  void accept() {
    channels.forEach(channel -> channel.config().setAutoRead(true));
  }

  void close() {
    channels.forEach(channel -> channel.close().awaitUninterruptibly());
    channels.clear();
  }

  /** An address can't be bound. */
  static final class BindFailure extends Exception {
    private static final long serialVersionUID = 1L;

    BindFailure(String message) {
      super(message);
    }
  }
}
