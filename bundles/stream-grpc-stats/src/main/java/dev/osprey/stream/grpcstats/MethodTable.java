package dev.osprey.stream.grpcstats;

import dev.osprey.spi.Counter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Methods by the bytes of their path. Bounded: a method that has no place counts among the others.
 * Asked by many strands without a lock; a new method costs a copy of the table, once.
 */
final class MethodTable {
  /** Methods with numbers of their own. */
  static final int MOST = 500;

  private static final String PREFIX = "grpc";
  private static final int SLOTS = 2048;

  private final boolean grows;
  private final boolean withoutDots;
  private final Function<String, Counter> counters;
  private final MethodStats others;
  private volatile @Nullable Entry[] entries = new Entry[SLOTS];
  private volatile int size;

  /** A path and its numbers. */
  private record Entry(byte[] path, MethodStats stats) {}

  MethodTable(GrpcStatsConfig config, Function<String, Counter> counters) {
    this.grows = config.all();
    this.withoutDots = config.withoutDots();
    this.counters = counters;
    this.others = new MethodStats(PREFIX, counters);
    Map<String, Boolean> distinct = new HashMap<>();
    for (String path : config.paths()) {
      if (distinct.putIfAbsent(path, true) == null && distinct.size() <= MOST) {
        add(path.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** The numbers for a path between two indices; makes objects for a new method only. */
  MethodStats find(byte[] bytes, int start, int end) {
    @Nullable Entry[] table = entries;
    for (int slot = slot(bytes, start, end); ; slot = (slot + 1) & (SLOTS - 1)) {
      Entry entry = table[slot];
      if (entry == null) {
        return grows && size < MOST ? learn(Arrays.copyOfRange(bytes, start, end)) : others;
      }
      if (Arrays.equals(entry.path, 0, entry.path.length, bytes, start, end)) {
        return entry.stats;
      }
    }
  }

  private MethodStats learn(byte[] path) {
    return isMethod(new String(path, StandardCharsets.ISO_8859_1)) ? add(path) : others;
  }

  private synchronized MethodStats add(byte[] path) {
    if (size >= MOST) {
      return others;
    }
    @Nullable Entry[] next = entries.clone();
    int slot = slot(path, 0, path.length);
    for (Entry entry = next[slot]; entry != null; entry = next[slot]) {
      if (Arrays.equals(entry.path, path)) {
        return entry.stats;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    MethodStats stats = new MethodStats(prefix(path), counters);
    next[slot] = new Entry(path, stats);
    entries = next;
    size = size + 1;
    return stats;
  }

  private String prefix(byte[] path) {
    String[] parts = new String(path, StandardCharsets.ISO_8859_1).split("/", 3);
    String service = withoutDots ? parts[1].replace('.', '_') : parts[1];
    return PREFIX + "." + service + "." + parts[2];
  }

  private static boolean isMethod(String path) {
    String[] parts = path.split("/", -1);
    return parts.length == 3
        && parts[0].isEmpty()
        && GrpcStatsConfig.isName(parts[1])
        && GrpcStatsConfig.isName(parts[2]);
  }

  private static int slot(byte[] bytes, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + bytes[i];
    }
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }
}
