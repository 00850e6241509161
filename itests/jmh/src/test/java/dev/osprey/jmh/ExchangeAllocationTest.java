package dev.osprey.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a whole exchange allocates on a loop of the reactor, all features on. It is counted, not
 * timed; code that is not compiled yet allocates more, so the least of many rounds counts.
 */
@Timeout(240)
class ExchangeAllocationTest {
  private static final int MOST_BYTES = 640;
  private static final int ROUND = 50_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aSteadyExchangeAllocatesLittle_whateverTheNumberOfHeaderFields() throws Exception {
    Map<Integer, Long> bytes = new TreeMap<>();
    try (ExecutorService loop = new LoopThreads(1, "allocation-test")) {
      for (int fields : new int[] {2, 10, 40}) {
        bytes.put(fields, loop.submit(() -> leastOf(fields)).get());
      }
    }
    System.out.println("heap bytes of an exchange, by header fields: " + bytes);
    assertThat(bytes.values()).allMatch(each -> each > 0 && each <= MOST_BYTES);
  }

  private static long leastOf(int fields) {
    ExchangeBenchmark exchange = new ExchangeBenchmark();
    exchange.fields = fields;
    exchange.connect();
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      long least = Long.MAX_VALUE;
      while (least > MOST_BYTES && System.nanoTime() - end < 0) {
        least = Math.min(least, round(exchange));
      }
      return least;
    } finally {
      exchange.close();
    }
  }

  private static long round(ExchangeBenchmark exchange) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long taken = 0;
    for (int i = 0; i < ROUND; i++) {
      taken = exchange.exchange();
    }
    assertThat(taken).isPositive();
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / ROUND;
  }
}
