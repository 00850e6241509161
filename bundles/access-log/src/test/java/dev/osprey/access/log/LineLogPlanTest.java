package dev.osprey.access.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.log.AccessLogPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LineLogPlanTest {
  private static final int ROUNDS = 20_000;

  @Test
  void allocatesNothing_forALineOfText() {
    AccessLogPlan plan = Lines.plan("{ path: x }");
    Entry entry = new Entry().field("user-agent", "curl/8 \"quoted\"");
    ByteBuf line = Unpooled.buffer(1024);
    spin(plan, entry, line);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    spin(plan, entry, line);
    long perLine = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    assertThat(perLine).as("bytes; the JDK hands out an address as a copy").isLessThan(64);
  }

  private static void spin(AccessLogPlan plan, Entry entry, ByteBuf line) {
    for (int i = 0; i < ROUNDS; i++) {
      line.clear();
      entry.startMillis++;
      plan.log(entry, line);
    }
  }

  @Test
  void wordsTheTimeRightly_onManyThreads() throws Exception {
    AccessLogPlan plan = Lines.text("%START_TIME%");
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int step = 617 + i;
      writers.add(() -> wordsTheTimeRightly(plan, step));
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(writers.size())) {
      for (Future<Boolean> done : pool.invokeAll(writers)) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  private static boolean wordsTheTimeRightly(AccessLogPlan plan, int step) {
    Entry entry = new Entry();
    ByteBuf line = Unpooled.buffer(64);
    boolean right = true;
    for (int i = 0; i < 5_000; i++) {
      entry.startMillis += step;
      line.clear();
      plan.log(entry, line);
      String text = line.toString(StandardCharsets.US_ASCII).strip();
      right &= Instant.parse(text).toEpochMilli() == entry.startMillis;
    }
    return right;
  }
}
