package dev.osprey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void findsSlipsOfTheHand() {
    List<String> names = List.of("listeners", "clusters", "name");
    assertThat(Nearest.to("lisetners", names)).contains("listeners");
    assertThat(Nearest.to("cluster", names)).contains("clusters");
    assertThat(Nearest.to("route_config", names)).isEmpty();
    assertThat(Nearest.to("x", List.of())).isEmpty();
    assertThat(Nearest.hint("nmae", names)).isEqualTo(" (did you mean \"name\"?)");
    assertThat(Nearest.hint("something else", names)).isEmpty();
  }

  @Property
  void findsANameWithOneLetterWrong(
      @ForAll @AlphaChars @StringLength(min = 3, max = 20) String name,
      @ForAll @IntRange(min = 0, max = 2) int at) {
    String wrong = name.substring(0, at) + '_' + name.substring(at + 1);
    assertThat(Nearest.to(wrong, List.of("0123456789012345678901234567", name))).contains(name);
  }
}
