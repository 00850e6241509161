package dev.osprey.host.control;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells when a class loader has been collected. Never asks for a collection. Belongs to the control
 * thread.
 */
final class LoaderWatch {
  private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
  // Keeps the references themselves reachable.
  private final Set<Watched> watched = new HashSet<>();

  /** Watches a loader; {@code verdict} gets its text when it is gone. */
  void watch(ClassLoader loader, Consumer<String> verdict) {
    watched.add(new Watched(loader, queue, verdict));
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

  private static final class Watched extends PhantomReference<ClassLoader> {
    private final Consumer<String> verdict;
    private final long since = System.nanoTime();

    Watched(
        ClassLoader loader, ReferenceQueue<? super ClassLoader> queue, Consumer<String> verdict) {
      super(loader, queue);
      this.verdict = verdict;
    }
  }
}
