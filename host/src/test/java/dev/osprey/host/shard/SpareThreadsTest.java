package dev.osprey.host.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpareThreadsTest {
  private final SpareThreads spares = new SpareThreads();

  @AfterEach
  void endThem() {
    spares.close();
  }

  @Test
  void runsWhatItIsGiven_underItsName_onAVirtualThread() throws Exception {
    spares.open();
    assertThat(onVirtualThread(() -> nameOf("given"))).isEqualTo("given, virtual");
    assertThat(nameOf("given by a platform thread"))
        .isEqualTo("given by a platform thread, virtual");
  }

  @Test
  void runsBeforeThoseThatAreAlwaysReadyAreDone() throws Exception {
    spares.open();
    AtomicBoolean ran = new AtomicBoolean();
    int carriers = Runtime.getRuntime().availableProcessors();
    CompletableFuture<?>[] ends = new CompletableFuture<?>[2 * carriers];
    AtomicInteger turns = new AtomicInteger();
    for (int i = 0; i < ends.length; i++) {
      ends[i] = new CompletableFuture<>();
      CompletableFuture<?> end = ends[i];
      var _ = Thread.ofVirtual().start(() -> yieldUntil(ran, turns, end));
    }
    // The one that gives is ready all the time, too: nothing but rows of ready threads is there.
    CompletableFuture.allOf(ends).get(10, TimeUnit.SECONDS);
    assertThat(ran).isTrue();
  }

  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is what is tested
  private void yieldUntil(AtomicBoolean ran, AtomicInteger turns, CompletableFuture<?> end) {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (!ran.get() && System.nanoTime() - deadline < 0) {
      if (turns.incrementAndGet() == 1000) {
        spares.run("given", () -> ran.set(true));
      }
      Thread.yield();
    }
    end.complete(null);
  }

  @Test
  void aThreadDoesAFewTasks_andFreshOnesFollow() throws Exception {
    spares.open();
    Map<Long, Integer> tasks = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      long thread = onVirtualThread(() -> given(() -> Thread.currentThread().threadId()));
      tasks.merge(thread, 1, Integer::sum);
    }
    assertThat(tasks.values()).allMatch(count -> count <= 8);
    assertThat(tasks.size()).isGreaterThanOrEqualTo(5_000 / 8);
  }

  @Test
  void aTaskThatFailsTakesNoOtherWithIt() throws Exception {
    spares.open();
    AtomicInteger failed = new AtomicInteger();
    for (int i = 0; i < 500; i++) {
      var _ =
          onVirtualThread(() -> {
            spares.run(
                "fails",
                () -> {
                  Thread.currentThread()
                      .setUncaughtExceptionHandler((_, _) -> failed.incrementAndGet());
                  throw new IllegalStateException("a test");
                });
            return 0;
          });
    }
    await().until(() -> failed.get() == 500);
    assertThat(onVirtualThread(() -> nameOf("next"))).isEqualTo("next, virtual");
  }

  @Test
  void aThreadThatWaitsKeepsNothingAliveThatItRan() throws Exception {
    spares.open();
    WeakReference<Object> held = new WeakReference<>(runOnce());
    await()
        .until(() -> {
          System.gc();
          return held.get() == null;
        });
  }

  private Object runOnce() throws Exception {
    Object heavy = new Object();
    assertThat(onVirtualThread(() -> given(() -> heavy.hashCode()))).isNotNull();
    return heavy;
  }

  @Test
  void runsWhatItIsGivenAfterTheEnd() throws Exception {
    spares.open();
    spares.close();
    assertThat(onVirtualThread(() -> nameOf("late"))).isEqualTo("late, virtual");
  }

  private String nameOf(String name) throws InterruptedException, ExecutionException {
    CompletableFuture<String> found = new CompletableFuture<>();
    spares.run(
        name,
        () -> {
          Thread self = Thread.currentThread();
          found.complete(self.getName() + (self.isVirtual() ? ", virtual" : ", platform"));
        });
    return found.get();
  }

  private <T> T given(Supplier<T> task) throws InterruptedException, ExecutionException {
    CompletableFuture<T> result = new CompletableFuture<>();
    spares.run("given", () -> result.complete(task.get()));
    return result.get();
  }

  private static <T> T onVirtualThread(Callable<T> task) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                result.complete(task.call());
              } catch (Exception failure) {
                result.completeExceptionally(failure);
              }
            });
    return result.get(10, TimeUnit.SECONDS);
  }
}
