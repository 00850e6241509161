package dev.osprey.load;

import java.util.Map;

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
 * @param threads native threads, without those that the probe itself causes (RMI, JMX, attach)
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
    int threads,
    int fileDescriptors,
    long bundleLoaders,
    long loadedClasses,
    long residentBytes,
    Map<String, Long> instances) {

  /** Metaspace, live heap and direct memory together: the sum that may grow by at most 1 MiB. */
  public long accountedBytes() {
    return metaspaceBytes + liveHeapBytes + Math.max(0, directBytes);
  }
}
