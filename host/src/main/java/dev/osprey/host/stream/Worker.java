package dev.osprey.host.stream;

import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.log.LogBuffer;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.stats.Stats;
import java.util.ArrayList;
import java.util.List;

/** A loop with what the stream machine keeps on it: clusters, log buffers, statistics. */
public final class Worker {
  private final Loop loop;
  private final int strands;
  private final Stats stats;
  private final LogFiles logFiles;
  private final HealthBoard health;
  private final Connector connector;
  private final ClusterTable clusters;
  private final Complaints complaints;
  private final List<LogBuffer> logBuffers = new ArrayList<>();
  private int sharers;
  private long connections;

  /**
   * A worker without clusters.
   *
   * @param strands how many strands there can be in the process
   * @param health of all clusters of the process
   */
  public Worker(
      Loop loop,
      int strands,
      Stats stats,
      LogFiles logFiles,
      HealthBoard health,
      Connector connector) {
    this(loop, strands, stats, logFiles, health, connector, new Complaints(loop));
  }

  /** The same, with complaints that go elsewhere. */
  Worker(
      Loop loop,
      int strands,
      Stats stats,
      LogFiles logFiles,
      HealthBoard health,
      Connector connector,
      Complaints complaints) {
    this.health = health;
    this.loop = loop;
    this.strands = strands;
    this.sharers = strands;
    this.stats = stats;
    this.logFiles = logFiles;
    this.connector = connector;
    this.clusters = new ClusterTable(this);
    this.complaints = complaints;
    loop.everyTick(() -> logBuffers.forEach(LogBuffer::handOver));
  }

  /** Its loop. */
  public Loop loop() {
    return loop;
  }

  /** This loop's share of a limit that is meant for all strands in use together. */
  public int share(int limit) {
    return (limit + sharers - 1) / sharers;
  }

  /** So many strands are in use from now on. */
  public void sharedBy(int next) {
    sharers = next;
  }

  /** All numbers of the process. */
  public Stats stats() {
    return stats;
  }

  /** The health of all clusters of the process. */
  public HealthBoard health() {
    return health;
  }

  /** Makes sockets. */
  public Connector connector() {
    return connector;
  }

  /** The clusters on this loop. */
  public ClusterTable clusters() {
    return clusters;
  }

  /** Where bad input is logged. */
  Complaints complaints() {
    return complaints;
  }

  /** A connection number, unique in the process. */
  public long nextConnection() {
    return connections++ * strands + loop.index() + 1;
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
