package dev.osprey.host.loop;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The thread of one loop, with the counters it alone writes. */
public final class LoopThread extends FastThreadLocalThread {
  private long[] cells = new long[64];
  private @Nullable Loop loop;
  private long readInTurn;
  private @Nullable Object reading;

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
    if (Thread.currentThread() instanceof LoopThread thread && thread.loop != null) {
      thread.readInTurn = 0;
      return thread.loop.endTurn();
    }
    return false;
  }

  /** So many bytes were read from a socket of the loop that the current thread runs. */
  public static void read(int bytes) {
    if (Thread.currentThread() instanceof LoopThread thread && thread.loop != null) {
      thread.readInTurn += bytes;
    }
  }

  /** What all sockets brought in this turn, in bytes; 0 on a thread whose loop has no turns. */
  public static long readInTurn() {
    return Thread.currentThread() instanceof LoopThread thread ? thread.readInTurn : 0;
  }

  /** What was said to be read on this thread at the moment; null for nothing. */
  public @Nullable Object reading() {
    return reading;
  }

  /** Says what is read from now on, null for nothing more; on this thread only. */
  public void reading(@Nullable Object what) {
    reading = what;
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
