package dev.osprey.host.plan;

import dev.osprey.spi.Factory;
import dev.osprey.spi.message.Provenance;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One factory of one bundle in one version, while it is installed. Counts what is open on it: a
 * lease is one instance (a codec of a connection, a terminal of a pair). Leases are plain ints per
 * loop, written by that loop only; a sum read elsewhere may be a moment old.
 */
public final class Extension {
  private static final VarHandle LEASE = MethodHandles.arrayElementVarHandle(int[].class);
  // One loop's count on a cache line of its own.
  private static final int SPREAD = 16;

  private final String kind;
  private final Factory factory;
  private final String name;
  private final String symbolicName;
  private final String version;
  private final long bundleId;
  private final String content;
  private final Provenance provenance;
  private final int[] leases;
  private final AtomicLong failures = new AtomicLong();

  /**
   * An extension nobody uses yet.
   *
   * @param kind the label of its kind, {@code codec} for instance
   * @param content hash of the bundle's content: equal content makes equal plans
   * @param loops how many loops (or shards) there are
   */
  public Extension(
      String kind,
      Factory factory,
      String symbolicName,
      String version,
      long bundleId,
      String content,
      int loops) {
    this.kind = kind;
    this.factory = factory;
    this.name = factory.name();
    this.symbolicName = symbolicName;
    this.version = version;
    this.bundleId = bundleId;
    this.content = content;
    this.provenance = new Provenance(symbolicName + "/" + version + "#" + bundleId);
    this.leases = new int[loops * SPREAD];
  }

  /** The extension kind. */
  public String kind() {
    return kind;
  }

  /** The name within its kind. */
  public String name() {
    return name;
  }

  /** The factory; do not keep it. */
  public Factory factory() {
    return factory;
  }

  /** The bundle's symbolic name. */
  public String symbolicName() {
    return symbolicName;
  }

  /** The bundle's version. */
  public String version() {
    return version;
  }

  /** The bundle's number in the framework. */
  public long bundleId() {
    return bundleId;
  }

  /** Hash of the bundle's content. */
  public String content() {
    return content;
  }

  /** The mark for offsets scanned by this bundle. */
  public Provenance provenance() {
    return provenance;
  }

  /** Takes a lease; on the strand of {@code loop} only. */
  public void lease(int loop) {
    int at = loop * SPREAD;
    LEASE.setOpaque(leases, at, leases[at] + 1);
  }

  /** Gives a lease back; on the strand of {@code loop} only. */
  public void release(int loop) {
    int at = loop * SPREAD;
    LEASE.setOpaque(leases, at, leases[at] - 1);
  }

  /** All open leases. */
  public int leases() {
    int sum = 0;
    for (int at = 0; at < leases.length; at += SPREAD) {
      sum += (int) LEASE.getOpaque(leases, at);
    }
    return sum;
  }

  /** Counts an exception that the fence caught. */
  public void failed() {
    failures.incrementAndGet();
  }

  /** The name under which its failures are counted, the same for all bundles of a version. */
  public String failureCounter() {
    return "extension." + name() + "." + version + ".failures";
  }

  /** Exceptions that the fence caught so far. */
  public long failures() {
    return failures.get();
  }

  @Override
  public String toString() {
    return kind + "/" + name() + " " + version + " (bundle " + bundleId + ")";
  }
}
