package dev.osprey.host.shard;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual threads that are started already and wait for something to do. Java's scheduler lets a
 * started thread wait until a carrier has nothing else left, which on a busy machine is after a
 * second; one that is woken by another virtual thread has its turn behind those that are ready.
 *
 * <p>All methods may be called on any thread.
 */
final class SpareThreads {
  private static final Logger LOG = LoggerFactory.getLogger(SpareThreads.class);
  private static final int KEPT = 128;
  // So many starts have the JVM compile what every thread begins with.
  private static final int STARTED_FIRST = 256;
  // A frame that is interpreted when it is entered stays so, and makes every wait above it dearer.
  private static final int TASKS_OF_A_THREAD = 8;

  private final ArrayDeque<Spare> waiting = new ArrayDeque<>(KEPT);
  private boolean closed;

  /** Starts those that are kept. */
  void open() {
    for (int i = 0; i < STARTED_FIRST; i++) {
      startAnother();
    }
  }

  /** Ends those that wait. What is given afterwards runs on threads of its own. */
  void close() {
    synchronized (waiting) {
      closed = true;
      waiting.forEach(spare -> spare.give("osprey-spare", () -> {}));
      waiting.clear();
    }
  }

  /**
   * Runs a task on a virtual thread, at once if one waits, and else on a fresh one.
   *
   * @param name of the thread meanwhile
   */
  void run(String name, Runnable task) {
    // Who is woken by a platform thread waits as a fresh one does.
    Spare spare = Thread.currentThread().isVirtual() ? take() : null;
    if (spare == null) {
      var _ = Thread.ofVirtual().name(name).start(new Spare(task));
    } else {
      spare.give(name, task);
    }
  }

  private @Nullable Spare take() {
    Spare taken;
    boolean few;
    synchronized (waiting) {
      taken = waiting.poll();
      few = waiting.size() < KEPT / 2 && !closed;
    }
    if (few) {
      startAnother();
    }
    return taken;
  }

  private void startAnother() {
    try {
      var _ = Thread.ofVirtual().name("osprey-spare").start(new Spare(null));
    } catch (OutOfMemoryError scarce) {
      LOG.warn("no memory for a spare thread: {}", scarce.getMessage());
    }
  }

  private boolean offer(Spare spare) {
    synchronized (waiting) {
      return !closed && waiting.size() < KEPT && waiting.add(spare);
    }
  }

  /** The body of a thread. */
  private final class Spare implements Runnable {
    private volatile @Nullable Runnable task;
    private @Nullable Thread thread;

    Spare(@Nullable Runnable first) {
      this.task = first;
    }

    void give(String name, Runnable next) {
      Thread waiter = Objects.requireNonNull(thread);
      waiter.setName(name);
      task = next;
      LockSupport.unpark(waiter);
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      for (int i = 0; i < TASKS_OF_A_THREAD; i++) {
        if (task == null && !isGiven()) {
          return;
        }
        runGiven();
      }
    }

    // A method of its own: an interpreted frame that waits would keep what it ran last alive.
    private void runGiven() {
      Runnable given = task;
      task = null;
      if (given != null) {
        given.run();
      }
    }

    /** Waits for a task; false when threads enough do. */
    private boolean isGiven() {
      Thread.currentThread().setName("osprey-spare");
      if (!offer(this)) {
        return false;
      }
      while (task == null) {
        LockSupport.park(SpareThreads.this);
      }
      return true;
    }
  }
}
