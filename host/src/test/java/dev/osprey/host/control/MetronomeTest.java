package dev.osprey.host.control;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetronomeTest {
  private final ExecutorService busy = Executors.newSingleThreadExecutor();
  private final ExecutorService idle = Executors.newSingleThreadExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private final Executor counting =
      task -> {
        asked.incrementAndGet();
        idle.execute(task);
      };
  private final Metronome metronome = new Metronome(() -> List.of(busy, counting));

  @AfterEach
  void stop() {
    metronome.close();
    busy.shutdownNow();
    idle.shutdownNow();
  }

  @Test
  void findsTheStrandThatWasHeld() {
    Metronome.Window window = metronome.open();
    awaitBeats(3);
    busy.execute(() -> LockSupport.parkNanos(MILLISECONDS.toNanos(80)));
    await().until(() -> window.age() > MILLISECONDS.toNanos(200));

    Report.Measured measured = window.close();

    assertThat(measured.longestNanos()).isGreaterThan(MILLISECONDS.toNanos(70));
    assertThat(measured.millis()).isGreaterThanOrEqualTo(200);
  }

  @Test
  void countsAStallThatIsNotOverWhenTheWindowEnds_andNotWhatWasBeforeIt() {
    CountDownLatch held = new CountDownLatch(1);
    Metronome.Window window = metronome.open();
    awaitBeats(3);
    busy.execute(() -> awaitQuietly(held));
    await().until(() -> window.age() > MILLISECONDS.toNanos(200));
    Metronome.Window later = metronome.open();
    await().until(() -> later.age() > MILLISECONDS.toNanos(30));

    long measured = window.close().longestNanos();
    held.countDown();
    await().until(() -> later.age() > MILLISECONDS.toNanos(100));
    long after = later.close().longestNanos();

    assertThat(measured).isGreaterThan(MILLISECONDS.toNanos(100));
    assertThat(after).isGreaterThan(MILLISECONDS.toNanos(25)).isLessThan(measured);
  }

  @Test
  void asksAStrandToo_thatIsMadeWhileTheWindowIsOpen() {
    List<Executor> strands = new CopyOnWriteArrayList<>(List.of(busy));
    Metronome growing = new Metronome(() -> strands);
    Metronome.Window window = growing.open();
    await().until(() -> window.age() > MILLISECONDS.toNanos(20));
    strands.add(counting);
    awaitBeats(3);
    idle.execute(() -> LockSupport.parkNanos(MILLISECONDS.toNanos(80)));
    await().until(() -> window.age() > MILLISECONDS.toNanos(200));

    assertThat(window.close().longestNanos()).isGreaterThan(MILLISECONDS.toNanos(70));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void asksAStrandOnlyOnce_whileItDoesNotAnswer() {
    AtomicInteger waiting = new AtomicInteger();
    Metronome stuck = new Metronome(() -> List.of(task -> waiting.incrementAndGet()));
    Metronome.Window window = stuck.open();
    await().until(() -> window.age() > MILLISECONDS.toNanos(50));
    var _ = window.close();

    assertThat(waiting).hasValue(1);
  }

  @Test
  void restsWithoutWindows_andBeginsAgain() {
    var _ = beaten().close();
    await().until(() -> !metronomeRuns());
    int before = asked.get();

    var _ = beaten().close();

    assertThat(asked.get()).isGreaterThan(before);
  }

  private Metronome.Window beaten() {
    Metronome.Window window = metronome.open();
    awaitBeats(asked.get() + 2);
    return window;
  }

  private void awaitBeats(int number) {
    await().until(() -> asked.get() >= number);
  }

  private static boolean metronomeRuns() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("osprey-metronome"));
  }
}
