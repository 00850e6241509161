package dev.osprey.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The soak; {@code itests/soak} runs the long form of it. */
class SoakIT {
  @Test
  void nothingIsLostAndNothingIsLeft() throws Exception {
    SoakResult result = Soak.run(SoakForm.chosen(), SoakSubject.chosen());

    System.out.println(result.table());
    assertThat(result.breaches()).isEmpty();
  }
}
