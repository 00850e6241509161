package dev.osprey.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs strands as the {@code thread} I/O model does at its worst: the tasks of one strand one after
 * the other, each on another virtual thread; different strands at the same time. What works here
 * has no thread affinity.
 */
public final class StrandRunner {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final List<Throwable> failures = new ArrayList<>();
  private int busy;

  /** A new strand; any thread may give it tasks. */
  public Strand strand() {
    return new Strand();
  }

  /**
   * Waits until every strand has nothing to do.
   *
   * @throws AssertionError when a task threw, or when two tasks of one strand overlapped
   */
  public void awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      while (busy > 0) {
        idle.await();
      }
      if (!failures.isEmpty()) {
        AssertionError error = new AssertionError(failures.size() + " tasks failed");
        failures.forEach(error::addSuppressed);
        throw error;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives out the next step of a random strand until none has any left, and asks for swaps in
   * between. Each strand takes its own steps and swaps one after the other, each on a new virtual
   * thread, while the others take theirs. The same seed gives each strand the same order.
   *
   * @param seed of the order
   * @param strands the steps of each strand; asked for before they are taken, on the caller's
   *     thread
   * @param swap called with the number of a strand that shall be swapped now, inside that strand
   */
  public static void interleave(long seed, List<Iterator<Runnable>> strands, IntConsumer swap)
      throws InterruptedException {
    Random random = new Random(seed);
    StrandRunner runner = new StrandRunner();
    List<Strand> own = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < strands.size(); i++) {
      own.add(runner.strand());
      open.add(i);
    }
    while (!open.isEmpty()) {
      int number = open.get(random.nextInt(open.size()));
      if (random.nextInt(3) == 0) {
        int swapped = random.nextInt(strands.size());
        own.get(swapped).execute(() -> swap.accept(swapped));
      } else if (strands.get(number).hasNext()) {
        own.get(number).execute(strands.get(number).next());
      } else {
        open.remove(Integer.valueOf(number));
      }
    }
    runner.awaitIdle();
  }

  private void begin() {
    lock.lock();
    try {
      busy++;
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable Throwable failure) {
    lock.lock();
    try {
      busy--;
      if (failure != null) {
        failures.add(failure);
      }
      if (busy == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A serial context whose thread is another one for each task. */
  public final class Strand {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger inside = new AtomicInteger();
    private boolean running;

    private Strand() {}

    /** Runs a task after all that were given before. */
    public void execute(Runnable task) {
      begin();
      synchronized (waiting) {
        waiting.add(task);
        if (running) {
          return;
        }
        running = true;
      }
      startNext();
    }

    private void startNext() {
      Runnable task;
      synchronized (waiting) {
        task = waiting.poll();
        if (task == null) {
          running = false;
          return;
        }
      }
      Thread.ofVirtual().name("strand").start(() -> run(task));
    }

    private void run(Runnable task) {
      Throwable failure = null;
      try {
        if (inside.incrementAndGet() != 1) {
          throw new AssertionError("two tasks of one strand overlap");
        }
        task.run();
      } catch (RuntimeException | Error thrown) {
        failure = thrown;
      } finally {
        inside.decrementAndGet();
        startNext();
        end(failure);
      }
    }
  }
}
