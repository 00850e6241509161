package dev.osprey.jmh;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stats.Tally;
import dev.osprey.host.stream.Connector;
import dev.osprey.host.stream.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A loop of the reactor with a client's connection and one to an origin, everything real but the
 * sockets. Buffers are pooled as in the archive.
 */
@SuppressWarnings("NullAway.Init") // a connection sets its wires first
final class LoopRig implements AutoCloseable {
  final EndOfWire client = new EndOfWire();
  final EndOfWire origin = new EndOfWire();
  final Loop loop;
  final Worker worker;
  final ListenerPlan listener;
  final Tally tally;
  private final LogFiles logFiles;
  Wire downstream;
  Wire upstream;

  /** A loop that runs a generation with one listener. */
  LoopRig(Generation generation) {
    // Nothing is posted to the loop while it is measured.
    loop = new Loop(0, IoModel.REACTOR, Runnable::run, PooledByteBufAllocator.DEFAULT);
    Stats stats = new Stats();
    logFiles = new LogFiles(stats.counter("access_log.dropped"));
    worker = new Worker(loop, 1, stats, logFiles, new HealthBoard(), new Connected());
    loop.adopt(generation, () -> worker.clusters().begin(generation), (moving, slice) -> {});
    listener = generation.listeners().iterator().next();
    tally = stats.tally("listener.bench");
  }

  /** The client's wire, for the connection that is made of it. */
  Wire accept(WireOwner owner) {
    downstream = new Wire(loop, client, owner);
    return downstream;
  }

  /** A turn of the loop in which one socket had something to read. */
  void arrive(Wire wire, ByteBuf read) {
    loop.touch();
    wire.received(read);
    loop.flushDirty();
  }

  /** Bytes that both peers have taken so far. */
  long taken() {
    return client.taken() + origin.taken();
  }

  /** Ends the logging thread. */
  @Override
  public void close() {
    logFiles.close();
  }

  /** Connects at once, to an origin that the benchmark plays. */
  private final class Connected implements Connector {
    @Override
    public void connect(
        Loop on,
        InetSocketAddress endpoint,
        Duration timeout,
        int bufferLimit,
        WireOwner owner,
        Outcome outcome) {
      upstream = new Wire(on, origin, owner);
      outcome.connected(upstream);
    }
  }
}
