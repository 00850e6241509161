package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
  void interleavesAllSteps_eachStrandTheSameWayForTheSameSeed() throws InterruptedException {
    List<List<String>> first = interleaved(42);
    assertThat(first).isEqualTo(interleaved(42)).isNotEqualTo(interleaved(43));
    for (List<String> strand : first) {
      assertThat(strand).anyMatch("swap"::equals);
      assertThat(strand.stream().filter(step -> !step.equals("swap")))
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }
  }

  /** Each waits for the other: on one common strand, neither would ever get on. */
  @Test
  void runsStrandsAtTheSameTime() throws InterruptedException {
    CyclicBarrier meeting = new CyclicBarrier(2);
    AtomicInteger met = new AtomicInteger();
    Runnable meet =
        () -> {
          try {
            meeting.await(10, TimeUnit.SECONDS);
            met.incrementAndGet();
          } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
            throw new IllegalStateException(alone);
          }
        };
    StrandRunner.interleave(
        1, List.of(List.of(meet).iterator(), List.of(meet).iterator()), strand -> {});
    assertThat(met).hasValue(2);
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

  /** What each of three strands did; only its own tasks write to its list. */
  private static List<List<String>> interleaved(long seed) throws InterruptedException {
    List<List<String>> done = new ArrayList<>();
    List<Iterator<Runnable>> strands = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      List<String> own = new ArrayList<>();
      done.add(own);
      strands.add(IntStream.range(0, 10).<Runnable>mapToObj(t -> () -> own.add("" + t)).iterator());
    }
    StrandRunner.interleave(seed, strands, strand -> done.get(strand).add("swap"));
    return done;
  }
}
