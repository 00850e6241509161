package dev.osprey.host.io;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.io.Listening.BindFailure;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.overload.Overload;
import dev.osprey.host.overload.Relief;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.shard.BlockingConnector;
import dev.osprey.host.shard.Shard;
import dev.osprey.host.shard.Shards;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Worker;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code thread} I/O model: shards, made when the first listener wants them. */
final class ThreadModel {
  private final int first;
  private final int count;
  private final Stats stats;
  private final LogFiles logs;
  private final HealthBoard health;
  private final ByteBufAllocator allocator;
  private final Overload overload;
  private final List<Worker> workers = new ArrayList<>();
  private @Nullable Shards shards;

  /**
   * Nothing so far.
   *
   * @param first number of the first shard's strand
   * @param count how many shards there will be
   */
  ThreadModel(
      int first,
      int count,
      Stats stats,
      LogFiles logs,
      HealthBoard health,
      ByteBufAllocator allocator,
      Overload overload) {
    this.health = health;
    this.first = first;
    this.count = count;
    this.stats = stats;
    this.logs = logs;
    this.allocator = allocator;
    this.overload = overload;
  }

  /** One for each shard; none as long as nothing needed them. */
  List<Worker> workers() {
    return workers;
  }

  /**
   * Binds without accepting.
   *
   * @throws BindFailure when the address can't be had
   */
  Listening bind(ListenerPlan plan, InetSocketAddress address) throws BindFailure {
    return ThreadListener.bind(plan, address, start(), workers, stats);
  }

  private Shards start() {
    Shards running = shards;
    if (running == null) {
      running = new Shards(first, count, allocator);
      for (Shard shard : running.all()) {
        Relief.install(shard.loop(), overload);
        BlockingConnector connector = new BlockingConnector(shard);
        workers.add(new Worker(shard.loop(), first + count, stats, logs, health, connector));
      }
      running.start();
      shards = running;
    }
    return running;
  }

  /** Stops the shards' clocks. */
  void close() {
    if (shards != null) {
      shards.stop();
    }
  }
}
