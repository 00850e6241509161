package dev.osprey.jmh;

import dev.osprey.host.loop.LoopThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs benchmarks on threads of loops, whose buffers and counters are their own; made by JMH. */
public final class LoopThreads extends ThreadPoolExecutor {
  /** So many threads with names that begin with {@code prefix}. */
  public LoopThreads(int most, String prefix) {
    super(
        most,
        most,
        1,
        TimeUnit.MINUTES,
        new LinkedBlockingQueue<>(),
        body -> new LoopThread(body, prefix));
  }
}
