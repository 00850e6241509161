package dev.osprey.host.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.IoModel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LoopTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Loop loop =
      new Loop(0, IoModel.REACTOR, tasks::add, UnpooledByteBufAllocator.DEFAULT);
  private final List<String> seen = new ArrayList<>();

  @Test
  void timeGoesOn_whateverIsThrownAtATick() {
    loop.everyTick(() -> {
      throw new AssertionError("a test");
    });
    loop.everyTick(() -> seen.add("tick"));
    loop.tick();
    loop.tick();
    assertThat(seen).containsExactly("tick", "tick");
  }

  @Test
  void theNextTaskRuns_whateverATaskThrows() {
    loop.execute(() -> {
      throw new StackOverflowError("a test");
    });
    loop.execute(() -> seen.add("next"));
    tasks.forEach(Runnable::run);
    assertThat(seen).containsExactly("next");
  }
}
