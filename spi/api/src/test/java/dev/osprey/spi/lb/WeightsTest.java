package dev.osprey.spi.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightsTest {
  @Property(tries = 200)
  void givesEachItsShare(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 1_000) Integer> drawn) {
    int[] given = drawn.stream().mapToInt(Integer::intValue).toArray();
    Weights weights = Weights.of(given);
    int[] hits = new int[given.length];
    int rounds = 1 << 14;
    for (int i = 0; i < rounds; i++) {
      hits[weights.at(i << 18)]++;
    }
    for (int i = 0; i < given.length; i++) {
      double share = (double) given[i] / weights.total();
      assertThat((double) hits[i] / rounds).isCloseTo(share, within(2.0 / rounds));
    }
  }

  @Test
  void bearsTheGreatestWeights() {
    Weights weights = Weights.of(Integer.MAX_VALUE, Integer.MAX_VALUE, 1);
    assertThat(weights.total()).isEqualTo(2L * Integer.MAX_VALUE + 1);
    assertThat(weights.at(0)).isZero();
    assertThat(weights.at(0x7FFF_FFFE)).isZero();
    assertThat(weights.at(0x8000_0001)).isOne();
    assertThat(weights.areEqual()).isFalse();
  }

  @Test
  void refusesNone_andNothing() {
    assertThatThrownBy(() -> Weights.of()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Weights.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
