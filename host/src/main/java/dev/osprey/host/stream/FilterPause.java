package dev.osprey.host.stream;

import dev.osprey.host.fence.FilterFence;
import dev.osprey.host.loop.Loop;
import dev.osprey.spi.stream.Verdict;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pause of one direction: the handle, its bound in time, and the offloaded work behind it.
 * Whoever keeps the handle keeps nothing of a stream that is over.
 */
final class FilterPause implements Verdict.Pause {
  private final Loop loop;
  private final long deadline;
  private @Nullable FilterFlow flow;
  private @Nullable Verdict otherwise;
  private @Nullable Thread worker;

  FilterPause(Loop loop, FilterFlow flow, long deadline, Verdict otherwise) {
    this.loop = loop;
    this.flow = flow;
    this.deadline = deadline;
    this.otherwise = otherwise;
  }

  @Override
  public void resume(Verdict verdict) {
    Objects.requireNonNull(verdict, "no verdict");
    post(_ -> verdict);
  }

  /** Goes on, on the strand, with what {@code answer} says there. */
  private void post(Function<FilterFence, Verdict> answer) {
    try {
      loop.execute(() -> {
        FilterFlow waiting = flow;
        if (waiting != null) {
          waiting.resumed(this, answer);
        }
      });
    } catch (RejectedExecutionException stopped) {
      // The loop has ended, and all streams with it: there is nothing left to resume.
    }
  }

  /** Starts offloaded work on a thread of its own. */
  <T extends @Nullable Object> void start(
      FilterFence filter, Callable<T> work, Function<? super T, ? extends Verdict> then) {
    worker =
        Thread.ofVirtual()
            .name("osprey-offload-" + filter.extension().name())
            .inheritInheritableThreadLocals(false)
            .start(() -> post(filter.work(work, then)));
  }

  /** When somebody else decides, on the loop's clock. */
  long deadline() {
    return deadline;
  }

  /** What is done then. */
  Verdict otherwise() {
    Verdict wanted = otherwise;
    return wanted == null ? Verdict.CONTINUE : wanted;
  }

  /** Whoever resumes it now comes too late; work that still runs is interrupted. */
  void over() {
    flow = null;
    otherwise = null;
    Thread running = worker;
    worker = null;
    if (running != null) {
      running.interrupt();
    }
  }
}
