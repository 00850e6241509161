package dev.osprey.host.stream;

import dev.osprey.host.log.LogBuffer;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.stats.Stats;
import java.util.ArrayList;
import java.util.List;

/** A loop with what the stream machine keeps on it: clusters, log buffers, statistics. */
public final class Worker {
  private final Loop loop;
  private final int loops;
  private final Stats stats;
  private final LogFiles logFiles;
  private final Connector connector;
  private final ClusterTable clusters;
  private final List<LogBuffer> logBuffers = new ArrayList<>();
  private long connections;

  /** A worker without clusters. */
  public Worker(Loop loop, int loops, Stats stats, LogFiles logFiles, Connector connector) {
    this.loop = loop;
    this.loops = loops;
    this.stats = stats;
    this.logFiles = logFiles;
    this.connector = connector;
    this.clusters = new ClusterTable(this);
    loop.everyTick(() -> logBuffers.forEach(LogBuffer::handOver));
  }

  /** Its loop. */
  public Loop loop() {
    return loop;
  }

  /** This loop's share of a limit that is meant for all loops together. */
  public int share(int limit) {
    return (limit + loops - 1) / loops;
  }

  /** All numbers of the process. */
  public Stats stats() {
    return stats;
  }

  /** Makes sockets. */
  public Connector connector() {
    return connector;
  }

  /** The clusters on this loop. */
  public ClusterTable clusters() {
    return clusters;
  }

  /** A connection number, unique in the process. */
  public long nextConnection() {
    return connections++ * loops + loop.index() + 1;
  }

  /** This loop's buffer for a log target. */
  public LogBuffer log(String target) {
    for (int i = 0; i < logBuffers.size(); i++) {
      LogBuffer buffer = logBuffers.get(i);
      if (buffer.target().equals(target)) {
        return buffer;
      }
    }
    LogBuffer fresh = new LogBuffer(loop, logFiles, target);
    logBuffers.add(fresh);
    return fresh;
  }
}
