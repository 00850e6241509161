package dev.osprey.host.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.testkit.toy.ToyMuxFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BehindTrafficTest {
  private static final Bound<?> BOUND =
      new Bound<>(
          "plan", new Extension("codec", new ToyMuxFactory(), "toy", "1.0.0", 1, "hash", 1), "key");
  private static final Rehearsed DONE = new Rehearsed("slot", "toy", 7, 2, 1);

  @Test
  void rehearsesOnAThreadOfItsOwn_soThatWhoAsksStartsNoThreadsThatFellBehind() throws Exception {
    AtomicReference<Thread> used = new AtomicReference<>();
    Rehearsal rehearsal =
        new BehindTraffic((slot, bound, settle) -> {
          used.set(Thread.currentThread());
          return DONE;
        });

    assertThat(rehearsal.run("slot", BOUND, true)).isSameAs(DONE);
    Thread first = used.get();
    assertThat(first).isNotSameAs(Thread.currentThread());
    assertThat(first.isDaemon()).isTrue();
    assertThat(rehearsal.run("slot", BOUND, true)).isSameAs(DONE);
    assertThat(used.get()).isSameAs(first);
  }

  @Test
  void throwsWhatTheRehearsalThrew() {
    List<Throwable> all =
        List.of(
            new Refusal("bad"),
            new IllegalStateException("broken"),
            new StackOverflowError("deep"),
            new NoClassDefFoundError("gone"));
    for (Throwable thrown : all) {
      Rehearsal rehearsal =
          new BehindTraffic((slot, bound, settle) -> {
            switch (thrown) {
              case Refusal refusal -> throw refusal;
              case RuntimeException unexpected -> throw unexpected;
              case Error error -> throw error;
              default -> throw new AssertionError(thrown);
            }
          });
      assertThat(catchThrowable(() -> rehearsal.run("slot", BOUND, true))).isSameAs(thrown);
    }
  }

  @Test
  void givesUp_whenWhoAsksIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Rehearsal endless =
        new BehindTraffic((slot, bound, settle) -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException told) {
            stopped.countDown();
          }
          return DONE;
        });
    FutureTask<Boolean> asking =
        new FutureTask<>(() ->
            catchThrowable(() -> endless.run("slot", BOUND, true)) instanceof Refusal
                && Thread.currentThread().isInterrupted());
    Thread asks = Thread.ofPlatform().start(asking);
    begun.await();
    asks.interrupt();

    assertThat(asking.get()).isTrue();
    stopped.await();
  }
}
