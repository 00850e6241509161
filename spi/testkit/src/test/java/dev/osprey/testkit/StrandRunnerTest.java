package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StrandRunnerTest {
  @Property(tries = 50)
  void neverOverlaps_keepsOrder_andChangesThreads(
      @ForAll @IntRange(min = 1, max = 8) int strands,
      @ForAll @IntRange(min = 1, max = 100) int tasks)
      throws InterruptedException {
    StrandRunner runner = new StrandRunner();
    List<List<Integer>> orders = new ArrayList<>();
    Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
    for (int s = 0; s < strands; s++) {
      StrandRunner.Strand strand = runner.strand();
      AtomicInteger inside = new AtomicInteger();
      List<Integer> order = new ArrayList<>();
      orders.add(order);
      for (int t = 0; t < tasks; t++) {
        int number = t;
        strand.execute(() -> {
          assertThat(inside.incrementAndGet()).isEqualTo(1);
          threads.add(Thread.currentThread());
          order.add(number);
          inside.decrementAndGet();
        });
      }
    }
    runner.awaitIdle();
    for (List<Integer> order : orders) {
      assertThat(order).hasSize(tasks).isSorted();
    }
    assertThat(threads).hasSize(strands * tasks);
  }

  @Test
  void interleavesAllSteps_theSameWayForTheSameSeed() throws InterruptedException {
    List<String> first = interleaved(42);
    assertThat(first).isEqualTo(interleaved(42)).isNotEqualTo(interleaved(43));
    assertThat(first).contains("0.0", "1.4", "2.9").anyMatch(step -> step.startsWith("swap"));
  }

  @Test
  void reportsWhatATaskThrew() {
    StrandRunner runner = new StrandRunner();
    runner
        .strand()
        .execute(() -> {
          throw new IllegalStateException("boom");
        });
    assertThatThrownBy(runner::awaitIdle).isInstanceOf(AssertionError.class);
  }

  private static List<String> interleaved(long seed) throws InterruptedException {
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    List<java.util.Iterator<Runnable>> strands = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      List<Runnable> steps = new ArrayList<>();
      for (int t = 0; t < 10; t++) {
        String step = s + "." + t;
        steps.add(() -> done.add(step));
      }
      strands.add(steps.iterator());
    }
    StrandRunner.interleave(seed, strands, strand -> done.add("swap " + strand));
    return done;
  }
}
