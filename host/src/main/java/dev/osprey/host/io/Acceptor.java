package dev.osprey.host.io;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stats.Tally;
import dev.osprey.host.stream.Downstream;
import dev.osprey.host.stream.Worker;
import dev.osprey.host.tcp.BytePair;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** What one listener does on one loop with the connections it accepts. */
final class Acceptor {
  private final Worker worker;
  private final String name;
  private final Tally tally;
  private final AtomicInteger open;

  Acceptor(Worker worker, String name, Tally tally, AtomicInteger open) {
    this.worker = worker;
    this.name = name;
    this.tally = tally;
    this.open = open;
  }

  /** The handler that turns an accepted channel into a connection, on its loop. */
  ChannelHandler greeter() {
    return new Greeter();
  }

  @ChannelHandler.Sharable
  private final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRegistered(ChannelHandlerContext context) {
      Channel channel = context.channel();
      Loop loop = worker.loop();
      loop.touch();
      ListenerPlan plan = loop.generation().listener(name);
      if (plan == null || loop.isDraining()) {
        var _ = channel.close();
        return;
      }
      tally.count(Tally.Metric.CX_TOTAL);
      if (open.get() >= plan.maxConnections()) {
        tally.count(Tally.Metric.CX_OVERFLOW);
        var _ = channel.close();
        return;
      }
      open.incrementAndGet();
      tally.count(Tally.Metric.CX_ACTIVE);
      var config = channel.config();
      config.setWriteBufferWaterMark(Sockets.marks(plan.bufferLimitBytes()));
      config.setRecvByteBufAllocator(Sockets.reads());
      start(plan, owner -> install(context, loop, owner));
      loop.flushDirty();
    }

    private Wire install(ChannelHandlerContext context, Loop loop, WireOwner owner) {
      ChannelConduit conduit = new ChannelConduit(loop, context.channel(), owner);
      context.pipeline().replace(this, "wire", conduit);
      return conduit.wire();
    }

    private void start(ListenerPlan plan, Function<WireOwner, Wire> wire) {
      switch (plan.chain()) {
        case StreamChain chain -> new Downstream(worker, plan, chain, tally, wire, this::closed);
        case ByteChain chain -> new BytePair(worker, plan, chain, tally, wire, this::closed);
      }
    }

    private void closed() {
      open.decrementAndGet();
    }
  }
}
