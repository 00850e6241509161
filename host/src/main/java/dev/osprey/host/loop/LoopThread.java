package dev.osprey.host.loop;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The thread of one loop, with the counters it alone writes. */
public final class LoopThread extends FastThreadLocalThread {
  private long[] cells = new long[64];
  private @Nullable Loop loop;

  /** A daemon thread. */
  public LoopThread(Runnable body, String name) {
    super(body, name);
    setDaemon(true);
  }

  /** It runs that loop. */
  void serve(Loop its) {
    loop = its;
  }

  /**
   * Ends the turn of the loop that the current thread runs, if it runs one.
   *
   * @return as {@link Loop#endTurn}
   */
  public static boolean endTurn() {
    Loop its = Thread.currentThread() instanceof LoopThread thread ? thread.loop : null;
    return its != null && its.endTurn();
  }

  /** Adds to a counter; on this thread only. */
  public void add(int counter, long amount) {
    if (counter >= cells.length) {
      cells = Arrays.copyOf(cells, Math.max(counter + 1, cells.length * 2));
    }
    cells[counter] += amount;
  }

  /** A counter's value, perhaps a moment old. */
  public long cell(int counter) {
    long[] seen = cells;
    return counter < seen.length ? seen[counter] : 0;
  }
}
