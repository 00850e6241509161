package dev.osprey.host.io;

import dev.osprey.host.overload.Overload;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.stats.Stats;
import io.netty.buffer.ByteBufAllocator;

/**
 * What moves bytes in a test. Where the kernel has no io_uring its tests run once more on epoll,
 * which shows the way back.
 */
enum Mover {
  EPOLL(IoModel.REACTOR, Transport.EPOLL),
  IO_URING(IoModel.REACTOR, Transport.IO_URING),
  THREAD(IoModel.THREAD, Transport.EPOLL);

  final IoModel model;
  private final Transport transport;

  Mover(IoModel model, Transport transport) {
    this.model = model;
    this.transport = transport;
  }

  Network network() {
    return network(new Stats());
  }

  Network network(Stats stats) {
    return new Network(stats, 2, transport);
  }

  Network network(ByteBufAllocator allocator) {
    return new Network(new Stats(), 2, transport, allocator, allocator, Overload.Limits.DEFAULT);
  }
}
