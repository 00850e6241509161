package dev.osprey.host.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.Factory;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTest {
  private static final int DRAWS = 100_000;

  private final Bound<String> main = new Bound<>("main", extension("1.0.0"), "old");
  private final Bound<String> trial = new Bound<>("canary", extension("1.0.1"), "new");

  @Test
  void withoutACanaryAllGoToTheMainPlan() {
    Slot<String> slot = Slot.of("name", main);
    for (int random : new int[] {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThat(slot.pick(random)).isSameAs(main);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 2_500, 9_999})
  void aCanaryGetsItsShare_andTheMainPlanTheRest(int share) {
    double expected = share / 10_000.0 * DRAWS;
    double tolerance = 5 * Math.sqrt(expected * (1 - share / 10_000.0)) + 1;

    assertThat((double) canaries(slot(trial, share)))
        .isBetween(expected - tolerance, expected + tolerance);
  }

  @Test
  void aShareOfNothingIsNone_andAFullShareIsAll() {
    assertThat(canaries(slot(trial, 0))).isZero();
    assertThat(canaries(slot(trial, 10_000))).isEqualTo(DRAWS);
    assertThat(canaries(slot(null, 10_000))).isZero();
  }

  private static Extension extension(String version) {
    return new Extension("toy", new Toy(), "dev.osprey.toy", version, 1, version, 1);
  }

  private Slot<String> slot(@Nullable Bound<String> canary, int share) {
    return new Slot<>("name", main, canary, share);
  }

  private int canaries(Slot<String> slot) {
    Random random = new Random(7);
    int canaries = 0;
    for (int i = 0; i < DRAWS; i++) {
      canaries += slot.pick(random.nextInt()).equals(trial) ? 1 : 0;
    }
    return canaries;
  }

  private static final class Toy implements Factory {
    @Override
    public String name() {
      return "toy";
    }

    @Override
    public List<String> configTypes() {
      return List.of();
    }
  }
}
