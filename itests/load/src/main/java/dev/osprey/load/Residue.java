package dev.osprey.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a JVM holds after full collections.
 *
 * <p>{@code directBytes} is the JDK's own buffer pool. Netty's pooled chunks are counted there only
 * when Netty allocates them by the JDK's cleaner; otherwise they show in {@code instances} (chunk
 * classes) and in {@code residentBytes}.
 *
 * @param metaspaceBytes metaspace in use
 * @param liveHeapBytes bytes of live objects
 * @param directBytes capacity of direct buffers known to the JDK; -1 if it was not asked for
 * @param threads native threads by name, without those that the probe itself causes (RMI, JMX,
 *     attach); the kernel cuts names at 15 characters
 * @param fileDescriptors open descriptors
 * @param bundleLoaders live instances of Felix's bundle class loader
 * @param loadedClasses classes loaded now; -1 if it was not asked for
 * @param residentBytes resident set size
 * @param instances live instances of the watched classes, by class name
 */
public record Residue(
    long metaspaceBytes,
    long liveHeapBytes,
    long directBytes,
    Map<String, Integer> threads,
    int fileDescriptors,
    long bundleLoaders,
    long loadedClasses,
    long residentBytes,
    Map<String, Long> instances) {

  /**
   * Pools of the JDK and the JVM whose threads come and go by themselves within bounds: carriers of
   * virtual threads, the common pool, compilers.
   */
  private static final List<String> ELASTIC = List.of("ForkJoinPool", "C1 Comp", "C2 Comp");

  /** Threads of the program and of the JVM that stay once they were started. */
  public int lastingThreads() {
    return threads.values().stream().mapToInt(n -> n).sum() - elasticThreads();
  }

  /** Threads of the JDK's elastic pools at this moment. */
  public int elasticThreads() {
    return threads.entrySet().stream()
        .filter(it -> ELASTIC.stream().anyMatch(it.getKey()::startsWith))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** How many more threads of each name there are than before; names with no more are left out. */
  public Map<String, Integer> moreThreadsThan(Residue before) {
    Map<String, Integer> more = new TreeMap<>();
    threads.forEach((name, count) -> {
      int growth = count - before.threads.getOrDefault(name, 0);
      if (growth > 0) {
        more.put(name, growth);
      }
    });
    return more;
  }

  /** Metaspace, live heap and direct memory together: the sum that may grow by at most 1 MiB. */
  public long accountedBytes() {
    return metaspaceBytes + liveHeapBytes + Math.max(0, directBytes);
  }
}
