package dev.osprey.host.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WheelTest {
  private static final long TICK = Wheel.TICK_NANOS;

  private final Wheel wheel = new Wheel();
  private final List<String> fired = new ArrayList<>();
  private final Map<String, Wheel.Timer> timers = new HashMap<>();
  private Runnable whenFirstFires = () -> {};
  private long now = 100 * TICK;

  @BeforeEach
  void start() {
    wheel.advance(now);
  }

  @Test
  void firesNotBeforeTheDeadline_andOnce() {
    arm("a", 3);
    advance(2);
    assertThat(fired).isEmpty();
    advance(3);
    assertThat(fired).containsExactly("a");
    advance(2000);
    assertThat(fired).containsExactly("a");
  }

  @Test
  void aNeighbourThatIsGivenAnotherDeadlineWhileItsSlotFires_hurtsNoOther() {
    arm("other", 9);
    arm("c", 3);
    arm("b", 3);
    arm("a", 3);
    whenFirstFires = () -> arm(fired.getFirst().equals("b") ? "a" : "b", 9);
    advance(5);
    assertThat(fired).hasSize(2).contains("c");
    advance(12);
    assertThat(fired).containsExactlyInAnyOrder("a", "b", "c", "other");
    arm("other", 2);
    advance(4);
    assertThat(fired).hasSize(5).endsWith("other");
  }

  @Test
  void aNeighbourThatIsCancelledWhileItsSlotFires_doesNotFire() {
    arm("a", 3);
    arm("b", 3);
    whenFirstFires = () -> wheel.cancel(timer(fired.getFirst().equals("b") ? "a" : "b"));
    advance(50);
    assertThat(fired).hasSize(1);
  }

  static Stream<Error> failures() {
    return Stream.of(
        new OutOfMemoryError("a test"),
        new StackOverflowError("a test"),
        new NoClassDefFoundError("a test"),
        new AssertionError("a test"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void oneThatFails_stopsNoOther(Error failure) {
    arm("a", 3);
    arm("b", 3);
    arm("c", 4);
    whenFirstFires =
        () -> {
          throw failure;
        };
    advance(6);
    assertThat(fired).hasSize(3);
  }

  @Test
  void manyInOneSlot_allFire() {
    for (int i = 0; i < 100; i++) {
      arm("timer" + i, 3);
    }
    advance(5);
    assertThat(fired).hasSize(100).doesNotHaveDuplicates();
  }

  private void arm(String name, int ticks) {
    timers.computeIfAbsent(name, one -> new Wheel.Timer(_ -> fire(one)));
    wheel.ensure(timer(name), now + ticks * TICK, now);
  }

  private long fire(String name) {
    fired.add(name);
    if (fired.size() == 1) {
      whenFirstFires.run();
    }
    return Wheel.Expiry.NEVER;
  }

  private Wheel.Timer timer(String name) {
    return Objects.requireNonNull(timers.get(name));
  }

  private void advance(int ticks) {
    for (int i = 0; i < ticks; i++) {
      now += TICK;
      wheel.advance(now);
    }
  }
}
