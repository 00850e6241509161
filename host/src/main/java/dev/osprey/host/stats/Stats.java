package dev.osprey.host.stats;

import dev.osprey.host.loop.LoopThread;
import dev.osprey.spi.Counter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * All counters and histograms of the process. Loops write their own cells without locks; readers
 * add them up. Thread-safe.
 */
public final class Stats {
  private final Map<String, NamedCounter> counters = new ConcurrentHashMap<>();
  private final Map<String, List<Tally>> tallies = new ConcurrentHashMap<>();
  private final List<LoopThread> threads = new CopyOnWriteArrayList<>();

  /** Takes a loop's thread into account. */
  public void register(LoopThread thread) {
    threads.add(thread);
  }

  /** The counter of that name; the same one each time. */
  public Counter counter(String name) {
    return named(name);
  }

  /** A new group of numbers under a prefix, for one loop to write. */
  public Tally tally(String prefix) {
    Tally fresh = new Tally();
    tallies.computeIfAbsent(prefix, _ -> new CopyOnWriteArrayList<>()).add(fresh);
    return fresh;
  }

  /** All counters by name, those that are zero left out for tallies. */
  public Map<String, Long> counters() {
    Map<String, Long> all = new TreeMap<>();
    counters.forEach((name, counter) -> all.put(name, sum(counter)));
    tallies.forEach((prefix, parts) -> {
      for (Tally.Metric metric : Tally.Metric.values()) {
        long total = parts.stream().mapToLong(part -> part.get(metric)).sum();
        if (total != 0) {
          all.put(prefix + "." + metric.label(), total);
        }
      }
    });
    return all;
  }

  /** Latency by prefix, in microseconds. */
  public Map<String, Latency> latencies() {
    Map<String, Latency> all = new TreeMap<>();
    tallies.forEach((prefix, parts) ->
        Latencies.sum(parts.stream().map(Tally::latencies).filter(Objects::nonNull).toList())
            .ifPresent(latency -> all.put(prefix + ".latency", latency)));
    return all;
  }

  private NamedCounter named(String name) {
    return counters.computeIfAbsent(name, _ -> new NamedCounter(nextCell()));
  }

  private synchronized int nextCell() {
    return cells++;
  }

  private int cells;

  private long sum(NamedCounter counter) {
    long total = counter.elsewhere.sum();
    for (LoopThread thread : threads) {
      total += thread.cell(counter.cell);
    }
    return total;
  }

  /**
   * A latency distribution, in microseconds.
   *
   * @param count how many were measured
   */
  public record Latency(long count, long p50, long p90, long p99, long p999, long max) {}

  /** A counter with a cell in every loop's thread. */
  private static final class NamedCounter implements Counter {
    private final int cell;
    private final LongAdder elsewhere = new LongAdder();

    NamedCounter(int cell) {
      this.cell = cell;
    }

    @Override
    public void add(long amount) {
      if (Thread.currentThread() instanceof LoopThread mine) {
        mine.add(cell, amount);
      } else {
        elsewhere.add(amount);
      }
    }
  }
}
