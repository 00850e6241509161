package dev.osprey.host.io;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.io.Listening.BindFailure;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.LoopThread;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.overload.Overload;
import dev.osprey.host.overload.Relief;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Worker;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The {@code reactor} I/O model: event loops that each own their connections entirely. */
final class Reactor {
  private final Stats stats;
  private final ByteBufAllocator allocator;
  private final Sockets sockets;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Worker> workers = new ArrayList<>();

  /**
   * Running loops.
   *
   * @param wish what the loops wait with
   * @param loops how many; their strands have the numbers from 0
   * @param strands how many strands there can be in the process
   */
  Reactor(
      Transport wish,
      int loops,
      int strands,
      Stats stats,
      LogFiles logs,
      HealthBoard health,
      ByteBufAllocator allocator,
      Overload overload) {
    this.stats = stats;
    this.allocator = allocator;
    this.sockets = new Sockets(wish, allocator, overload);
    AtomicInteger number = new AtomicInteger();
    this.group =
        new MultiThreadIoEventLoopGroup(
            loops,
            body -> {
              LoopThread thread = new LoopThread(body, "osprey-loop-" + number.getAndIncrement());
              stats.register(thread);
              return thread;
            },
            sockets.ioHandlers());
    for (int i = 0; i < loops; i++) {
      EventLoop eventLoop = group.next();
      Loop loop = new Loop(i, IoModel.REACTOR, eventLoop, allocator);
      if (sockets.transport() == Transport.EPOLL) {
        eventLoop.execute(loop::beginTurns);
      }
      Relief.install(loop, overload);
      workers.add(new Worker(loop, strands, stats, logs, health, sockets));
      var _ =
          eventLoop.scheduleAtFixedRate(
              loop::tick, Wheel.TICK_NANOS, Wheel.TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  /** One for each loop. */
  List<Worker> workers() {
    return workers;
  }

  /**
   * Binds without accepting.
   *
   * @throws BindFailure when the address can't be had
   */
  Listening bind(ListenerPlan plan, InetSocketAddress address) throws BindFailure {
    return ReactorListener.bind(plan, address, workers, sockets, stats, allocator);
  }

  /** Ends the loops. */
  void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
