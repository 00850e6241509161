package dev.osprey.host.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CostTest {
  private static final int MANY = 10_000_000;
  private static final Duration LONG = Duration.ofMinutes(1);

  private int calls;

  private static long busy(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    return 1_000;
  }

  @Test
  void settles_whereNothingGetsBetter_howeverMuchWorseItGetsAtTimes() {
    Cost cost = new Cost(LONG, MANY).settle(() -> busy(++calls % 7 == 0 ? 1_500_000 : 100_000));
    assertThat(cost.messages()).isBetween(20_000L, 100_000L);
    assertThat(cost.lastNanos()).isPositive();
  }

  @Test
  void goesOn_whileItGetsBetter() {
    Cost cost =
        new Cost(LONG, MANY).settle(() -> busy(Math.max(20_000, 4_000_000 >> (++calls / 5))));
    assertThat(cost.messages()).isGreaterThan(40_000);
    assertThat(cost.lastNanos()).isLessThan(cost.firstNanos() / 2);
  }

  @Test
  void isBoundedInTimeAndInNumber() {
    Cost late = new Cost(Duration.ofMillis(50), MANY).settle(() -> busy(10_000_000));
    assertThat(late.messages()).isLessThan(20_000);
    Cost many = new Cost(LONG, 3_000).settle(() -> busy(10_000));
    assertThat(many.messages()).isBetween(3_000L, 10_000L);
  }

  @Test
  void ends_whereThereIsNothingToRun() {
    assertThat(new Cost(Duration.ofMillis(50), MANY).settle(() -> 0).messages()).isZero();
  }
}
