package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.os.Background;
import dev.osprey.host.plan.Bound;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Rehearses on a thread of its own, which falls behind the event loops; who asks waits. A thread
 * that has fallen behind can't come back, and so does each thread that it starts: none that serves
 * traffic may be among them. One rehearsal at a time; any thread.
 */
public final class BehindTraffic implements Rehearsal {
  private static final long REST_SECONDS = 10;

  private final Rehearsal rehearsal;
  private final ExecutorService thread;

  /** Rehearses as another one does, behind traffic. */
  public BehindTraffic(Rehearsal rehearsal) {
    this.rehearsal = rehearsal;
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            REST_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            body -> Thread.ofPlatform().daemon().name("osprey-rehearsal").unstarted(behind(body)));
    one.allowCoreThreadTimeOut(true);
    this.thread = one;
  }

  private static Runnable behind(Runnable body) {
    return () -> {
      Background.enter();
      body.run();
    };
  }

  @Override
  public Rehearsed run(String slot, Bound<?> bound, boolean settle) throws Refusal {
    Future<Rehearsed> done = thread.submit(() -> rehearsal.run(slot, bound, settle));
    try {
      return done.get();
    } catch (ExecutionException thrown) {
      switch (thrown.getCause()) {
        case Refusal refusal -> throw refusal;
        case Error error -> throw error;
        case RuntimeException unexpected -> throw unexpected;
        case null, default -> throw new IllegalStateException(thrown);
      }
    } catch (InterruptedException interrupted) {
      done.cancel(true);
      Thread.currentThread().interrupt();
      throw new Refusal("not rehearsed: Osprey ends");
    }
  }
}
