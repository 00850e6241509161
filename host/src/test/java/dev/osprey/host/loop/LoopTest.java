package dev.osprey.host.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  @Test
  void aMoveThatIsOvertaken_movesNothingBack_andIsAcknowledgedWithTheNext() {
    List<Numbered> connections = IntStream.range(0, 1_200).mapToObj(Numbered::new).toList();
    connections.forEach(loop::add);
    loop.adopt(generation(1), () -> {}, (moving, slice) -> seen.add("first"));
    loop.adopt(generation(2), () -> {}, (moving, slice) -> seen.add("second"));
    assertThat(seen).isEmpty();
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    assertThat(seen).containsExactly("first", "second");
    assertThat(connections).allMatch(connection -> connection.generation == 2);
  }

  @Test
  void whatIsTakenOverPieceByPiece_letsOtherTasksRunBetween_andComesBeforeTheConnections() {
    Numbered connection = new Numbered(1);
    loop.add(connection);
    int[] left = {3};
    Loop.Takeover takeover =
        new Loop.Takeover() {
          @Override
          public void begin() {
            seen.add("begin");
          }

          @Override
          public boolean goOn() {
            seen.add("piece while at " + connection.generation);
            return --left[0] > 0;
          }
        };
    loop.adopt(generation(1), takeover, (moving, slice) -> seen.add("done"));
    loop.execute(() -> seen.add("other"));
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    assertThat(seen)
        .containsExactly(
            "begin", "piece while at 0", "piece while at 0", "other", "piece while at 0", "done");
    assertThat(connection.generation).isOne();
  }

  @Test
  void aConnectionThatCantBeMoved_isClosed_andTheOthersMove() {
    Numbered bad = new Numbered(1);
    bad.failure = new NoClassDefFoundError("a test");
    Numbered good = new Numbered(2);
    loop.add(good);
    loop.add(bad);
    loop.adopt(
        generation(1),
        () -> {
          throw new AssertionError("a test");
        },
        (moving, slice) -> seen.add("done"));
    assertThat(seen).containsExactly("done");
    assertThat(bad.aborted).isTrue();
    assertThat(good.generation).isOne();
  }

  private static Generation generation(long number) {
    return new Generation(number, Map.of(), Map.of(), Map.of(), Set.of(), "");
  }

  /** Knows the number of its generation. */
  private static final class Numbered implements Connection {
    private final long id;
    private int place = -1;
    private long generation;
    private boolean aborted;
    private @Nullable Error failure;

    Numbered(long id) {
      this.id = id;
    }

    @Override
    public void adopt(Generation next, Moving moving) {
      if (failure != null) {
        throw failure;
      }
      generation = next.number();
    }

    @Override
    public void goodbye() {}

    @Override
    public void abort(Reset why) {
      aborted = true;
    }

    @Override
    public void evict(Extension extension, Reset why) {}

    @Override
    public ConnectionView view(long now) {
      return new ConnectionView(id, "", "", "", "", "", 0, 0, "");
    }

    @Override
    public int place() {
      return place;
    }

    @Override
    public void place(int next) {
      place = next;
    }
  }
}
