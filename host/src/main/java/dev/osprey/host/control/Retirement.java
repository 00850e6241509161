package dev.osprey.host.control;

import dev.osprey.host.config.Offer;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.plan.Extension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Old code that still has something open: waits for the last lease, then lets the bundle go and
 * watches its class loader.
 */
@SuppressWarnings("ModifyCollectionInEnhancedForLoop") // the list copies on write
final class Retirement {
  private final Bundles bundles;
  private final DataPlane dataPlane;
  private final Reports reports;
  private final Duration maxDrain;
  private final LoaderWatch loaders = new LoaderWatch();
  private final List<Retiring> retiring = new CopyOnWriteArrayList<>();
  private final Map<String, Long> failures = new ConcurrentHashMap<>();
  private volatile boolean ended;

  Retirement(Bundles bundles, DataPlane dataPlane, Reports reports, Duration maxDrain) {
    this.bundles = bundles;
    this.dataPlane = dataPlane;
    this.reports = reports;
    this.maxDrain = maxDrain;
  }

  /** A bundle on its way out. */
  private static final class Retiring {
    private final Loaded loaded;
    private final long report;
    private final boolean stoppedByHand;
    private final long since = System.nanoTime();
    private boolean evicted;

    Retiring(Loaded loaded, long report, boolean stoppedByHand) {
      this.loaded = loaded;
      this.report = report;
      this.stoppedByHand = stoppedByHand;
    }

    Lingering lingering() {
      return new Lingering(
          loaded.symbolicName(),
          loaded.version(),
          loaded.bundleId(),
          loaded.leases(),
          age().toMillis());
    }

    Duration age() {
      return Duration.ofNanos(System.nanoTime() - since);
    }
  }

  /**
   * Takes over a bundle that nothing new runs on.
   *
   * @param report number of the report to complete
   * @param stoppedByHand true when somebody else stops it: it stays in the framework
   */
  void add(Loaded loaded, long report, boolean stoppedByHand) {
    retiring.add(new Retiring(loaded, report, stoppedByHand));
  }

  /** Looks once; on the control thread, without the turn, for it calls the framework. */
  void poll() {
    for (Retiring one : List.copyOf(retiring)) {
      if (one.loaded.leases() == 0) {
        retiring.remove(one);
        end(one);
      } else if (!maxDrain.isZero() && one.age().compareTo(maxDrain) > 0) {
        evict(one);
      }
    }
    loaders.poll();
  }

  /** True once after old code has ended: what waited for that may go on. */
  boolean hasEnded() {
    boolean was = ended;
    ended = false;
    return was;
  }

  /** How many old versions of a bundle are open. */
  int open(String symbolicName) {
    return (int) retiring.stream().filter(one -> is(one, symbolicName)).count();
  }

  /** Ends the oldest open version of a bundle politely. */
  void evictOldest(String symbolicName) {
    retiring.stream().filter(one -> is(one, symbolicName)).findFirst().ifPresent(this::evict);
  }

  /** The bundles that are still open. */
  List<Loaded> all() {
    return retiring.stream().map(one -> one.loaded).toList();
  }

  /** The bundle of that number, when it is on its way out. */
  Optional<Loaded> find(long bundleId) {
    return all().stream().filter(loaded -> loaded.bundleId() == bundleId).findFirst();
  }

  /** Forgets a bundle that somebody else stops: it is not ours to uninstall any more. */
  void stoppedByHand(long bundleId) {
    for (Retiring one : List.copyOf(retiring)) {
      if (one.loaded.bundleId() == bundleId && retiring.remove(one)) {
        retiring.add(new Retiring(one.loaded, one.report, true));
      }
    }
  }

  /** What the fence caught of code that has ended, by the name of its counter. */
  Map<String, Long> failures() {
    return Map.copyOf(failures);
  }

  private void keepFailures(Extension extension) {
    failures.merge(extension.failureCounter(), extension.failures(), Long::sum);
  }

  /** Old versions that are still there; any thread. */
  List<Lingering> lingering() {
    return Stream.concat(retiring.stream().map(Retiring::lingering), loaders.lingering().stream())
        .toList();
  }

  /** Class loaders that are not collected yet. */
  int loadersWaiting() {
    return loaders.waiting();
  }

  private static boolean is(Retiring one, String symbolicName) {
    return one.loaded.symbolicName().equals(symbolicName);
  }

  private void evict(Retiring one) {
    if (!one.evicted) {
      one.evicted = true;
      one.loaded.offers().stream().map(Offer::extension).forEach(this::evict);
    }
  }

  private void evict(Extension extension) {
    dataPlane.evict(extension);
  }

  private void end(Retiring one) {
    ended = true;
    one.loaded.offers().stream().map(Offer::extension).forEach(this::keepFailures);
    String name = one.loaded.symbolicName();
    long millis = one.age().toMillis();
    reports.complete(one.report, name, false, swap -> swap.drained(millis));
    if (one.stoppedByHand) {
      // Its services were given back when it was handed over; it may be in use again by now.
      String verdict = "bundle " + one.loaded.bundleId() + " was stopped by hand and is not ours";
      reports.complete(one.report, name, true, swap -> swap.loader(verdict));
      return;
    }
    watch(one.loaded, one.report);
    bundles.unload(one.loaded);
  }

  private void watch(Loaded loaded, long report) {
    // Only texts and numbers may be captured: what is watched must not be reachable from the watch.
    String name = loaded.symbolicName();
    Lingering bundle = new Lingering(name, loaded.version(), loaded.bundleId(), 0, 0);
    Consumer<String> verdict =
        text -> reports.complete(report, name, true, swap -> swap.loader(text));
    loaded.offers().stream()
        .map(offer -> offer.extension().factory().getClass().getClassLoader())
        .distinct()
        .forEach(loader -> loaders.watch(loader, bundle, verdict));
  }
}
