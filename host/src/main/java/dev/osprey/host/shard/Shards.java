package dev.osprey.host.shard;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** All shards of a process. */
public final class Shards {
  private final SpareThreads spares = new SpareThreads();
  private final List<Shard> all;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * So many shards.
   *
   * @param firstIndex loop number of the first; they follow those of the event loops
   */
  public Shards(int firstIndex, int count, ByteBufAllocator allocator) {
    this.all =
        IntStream.range(0, count)
            .mapToObj(i -> new Shard(firstIndex + i, allocator, spares))
            .toList();
  }

  /** The shards in order. */
  public List<Shard> all() {
    return all;
  }

  /** The place in {@link #all} of the shard whose turn it is to get a connection. */
  public int next() {
    return Math.floorMod(turn.getAndIncrement(), all.size());
  }

  /** Runs a task on a virtual thread of that name; on any thread. */
  public void run(String name, Runnable task) {
    spares.run(name, task);
  }

  /** Starts the clocks. */
  public void start() {
    spares.open();
    all.forEach(Shard::start);
  }

  /** Stops the clocks; connections have to be closed before. */
  public void stop() {
    all.forEach(Shard::stop);
    spares.close();
  }
}
