package dev.osprey.launcher;

import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the demo's clients saw; safe for any number of threads. */
final class Tally {
  private static final int MAX_EXAMPLES = 5;

  private final Latencies control = new Latencies();
  private final Latencies swapping = new Latencies();
  private final LongAdder failed = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final Set<String> versions = ConcurrentHashMap.newKeySet();
  private final Queue<String> examples = new ConcurrentLinkedQueue<>();
  private final Latencies warmUp = new Latencies();
  private volatile Latencies now = warmUp;

  /** From now on durations count as those of the time before swaps. */
  void controlBegins() {
    now = control;
  }

  /** From now on durations count as those of the time of swaps. */
  void swapsBegin() {
    now = swapping;
  }

  void answered(long nanos, String version) {
    now.add(nanos);
    versions.add(version);
  }

  void failed(String who, String how) {
    failed.increment();
    example(who, how);
  }

  /** A connection ended, or was said to end, and its client had not asked for it. */
  void lost(String who, String how) {
    lost.increment();
    example(who, how);
  }

  long requests() {
    return warmUp.count() + control.count() + swapping.count() + failed.sum();
  }

  long failedExchanges() {
    return failed.sum();
  }

  long lostConnections() {
    return lost.sum();
  }

  SortedSet<String> versions() {
    return new TreeSet<>(versions);
  }

  Latencies beforeSwaps() {
    return control;
  }

  Latencies duringSwaps() {
    return swapping;
  }

  /** The first few things that went wrong. */
  Queue<String> examples() {
    return examples;
  }

  private void example(String who, String how) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(who + ": " + how);
    }
  }
}
