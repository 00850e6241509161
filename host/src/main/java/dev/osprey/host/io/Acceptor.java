package dev.osprey.host.io;

import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stats.Tally;
import dev.osprey.host.stream.Downstream;
import dev.osprey.host.stream.Newcomer;
import dev.osprey.host.stream.Worker;
import dev.osprey.host.tcp.BytePair;
import dev.osprey.spi.codec.CodecPlan;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one listener does on one strand with the connections it accepts. */
final class Acceptor {
  private final Worker worker;
  private final String name;
  private final Tally tally;
  private final AtomicInteger open;

  /**
   * An acceptor.
   *
   * @param open the listener's open connections, over all strands
   */
  Acceptor(Worker worker, String name, Tally tally, AtomicInteger open) {
    this.worker = worker;
    this.name = name;
    this.tally = tally;
    this.open = open;
  }

  Worker worker() {
    return worker;
  }

  /** Counts a connection in; null when it is not wanted. Inside the strand. */
  @Nullable ListenerPlan admit() {
    ListenerPlan plan = worker.loop().generation().listener(name);
    if (plan == null || worker.loop().isDraining()) {
      return null;
    }
    tally.count(Tally.Metric.CX_TOTAL);
    if (open.get() >= plan.maxConnections()) {
      tally.count(Tally.Metric.CX_OVERFLOW);
      return null;
    }
    open.incrementAndGet();
    tally.count(Tally.Metric.CX_ACTIVE);
    return plan;
  }

  /** Makes the connection that was admitted. Inside the strand. */
  void start(ListenerPlan plan, Function<WireOwner, Wire> wire) {
    switch (plan.chain()) {
      case StreamChain chain when Newcomer.isNeeded(chain) ->
          new Newcomer(worker, plan, tally, wire, this::pair, this::closed);
      case StreamChain chain -> {
        Slot<CodecPlan> codec = chain.codecs().getFirst();
        new Downstream(worker, name, chain, codec, tally, wire, this::closed);
      }
      case ByteChain chain -> pair(plan, chain, wire);
    }
  }

  private void pair(ListenerPlan plan, ByteChain chain, Function<WireOwner, Wire> wire) {
    new BytePair(worker, plan, chain, tally, wire, this::closed);
  }

  private void closed() {
    open.decrementAndGet();
  }
}
