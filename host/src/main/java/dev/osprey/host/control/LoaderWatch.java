package dev.osprey.host.control;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells when a class loader has been collected. Never asks for a collection. Belongs to the control
 * thread; {@link #waiting} and {@link #lingering} run on any.
 */
final class LoaderWatch {
  private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
  // Keeps the references themselves reachable.
  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();

  /**
   * Watches the loader of a bundle; {@code verdict} gets its text when it is gone. Nothing of the
   * bundle may be reachable from either.
   */
  void watch(ClassLoader loader, Lingering bundle, Consumer<String> verdict) {
    watched.add(new Watched(loader, queue, bundle, verdict));
  }

  /** Tells what has gone since the last call. */
  void poll() {
    for (Reference<? extends ClassLoader> gone = queue.poll(); gone != null; gone = queue.poll()) {
      if (gone instanceof Watched loader && watched.remove(loader)) {
        Duration after = Duration.ofNanos(System.nanoTime() - loader.since);
        loader.verdict.accept("collected " + after.toMillis() + " ms after the last lease");
      }
    }
  }

  /** How many are not collected yet. */
  int waiting() {
    return watched.size();
  }

  /** The bundles whose loaders are not collected yet. */
  List<Lingering> lingering() {
    return watched.stream().map(Watched::lingering).toList();
  }

  private static final class Watched extends PhantomReference<ClassLoader> {
    private final Lingering bundle;
    private final Consumer<String> verdict;
    private final long since = System.nanoTime();

    Watched(
        ClassLoader loader,
        ReferenceQueue<? super ClassLoader> queue,
        Lingering bundle,
        Consumer<String> verdict) {
      super(loader, queue);
      this.bundle = bundle;
      this.verdict = verdict;
    }

    Lingering lingering() {
      long age = Duration.ofNanos(System.nanoTime() - since).toMillis();
      return new Lingering(bundle.symbolicName(), bundle.version(), bundle.bundle(), 0, age);
    }
  }
}
