package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.testkit.ToyTerminal.Mistake;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A good terminal keeps the contract; each mistake is found. */
class ByteTerminalContractTest extends ByteTerminalContract {
  private Mistake mistake = Mistake.NONE;

  @Override
  protected ByteTerminalFactory factory() {
    return new ToyTerminal(mistake);
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json("{'cluster': 'backend'}");
  }

  @Test
  void findsEachMistake() {
    fails(Mistake.LEAKS, this::forwardsBothWays_withHalfClose);
    fails(Mistake.FORGETS_FAILURES, this::doesTheSame_whenSwappedBeforeAnyCall);
    fails(Mistake.CLOSES_AT_FIRST_END, this::carriesHalfCloseOneWay_andGoesOnTheOther);
    fails(Mistake.NEVER_GIVES_UP, this::closesInTheEnd_whenNoConnectionCanBeMade);
    fails(Mistake.READS_ALL, this::refusesRecordsItDoesNotKnow);
  }

  private void fails(Mistake made, ThrowingCallable test) {
    mistake = made;
    assertThatThrownBy(test).as("%s", made).isInstanceOf(AssertionError.class);
  }
}
