package dev.osprey.host.loop;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Arrays;

/** The thread of one loop, with the counters it alone writes. */
public final class LoopThread extends FastThreadLocalThread {
  private long[] cells = new long[64];

  /** A daemon thread. */
  public LoopThread(Runnable body, String name) {
    super(body, name);
    setDaemon(true);
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
