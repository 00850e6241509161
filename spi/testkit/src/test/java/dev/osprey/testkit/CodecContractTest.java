package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.testkit.toy.ToyMuxBytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of codecs can fail: each of its tests finds the mistake it is there for. */
class CodecContractTest {
  @Test
  void findsWhatWaitsForMoreThanItKeeps_bySplits() {
    assertThatThrownBy(broken(BrokenCodec::drops)::meansTheSame_howeverTheBytesAreSplit)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void findsForgottenState_bySwaps() {
    CodecContract contract = broken(BrokenCodec::forgets);
    assertThatThrownBy(contract::writesTheSameBytes_whenSwappedBeforeAnyCall)
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(contract::hasNoThreadAffinity_whenStrandsInterleaveWithSwaps)
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(contract::passesItsOwnRehearsals).isInstanceOf(AssertionError.class);
  }

  @Test
  void findsLeaks() {
    CodecContract contract = broken(BrokenCodec::leaks);
    assertThatThrownBy(contract::reportsWhatTheCorpusSays)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("were not released")
        .hasMessageContaining("allocated at dev.osprey.testkit.Leg.input");
    assertThatThrownBy(
            broken(BrokenCodec::careless)::releasesEverything_whenTheConnectionIsLostAnywhere)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("were not released");
  }

  @Test
  void findsClaimsToReadEveryRecord() {
    assertThatThrownBy(broken(BrokenCodec::readsAll)::refusesRecordsItDoesNotKnow)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void findsWhatNeverRests() {
    assertThatThrownBy(broken(BrokenCodec::restless)::reportsWhatTheCorpusSays)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not at rest");
  }

  @Test
  void findsWhatIsNotRecognised() {
    assertThatThrownBy(broken(BrokenCodec::blind)::recognisesItsFirstBytes)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void findsStreamsThatWaitForEver() {
    assertThatThrownBy(broken(BrokenCodec::deaf)::endsEveryStream_whenTheInputEndsAnywhere)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("waits for ever");
  }

  @Test
  void findsExceptionsOnGarbage_andNamesTheSeed() {
    assertThatThrownBy(broken(BrokenCodec::fragile)::neverThrows_onGarbage)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed ");
  }

  @Test
  void findsEndlessHeadsAndAcceptedNonsense() {
    byte[] fine = ToyMuxBytes.client().request(1, "/fine", true).toBytes();
    CodecContract patient = new Sabotaged(BrokenCodec::proceed, 100, List.of(fine));
    assertThatThrownBy(patient::refusesHeadsWithoutEnd)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is not refused");
    assertThatThrownBy(patient::refusesWhatIsMalformed)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not refused");
  }

  private static CodecContract broken(BrokenCodec.Sabotage sabotage) {
    return new Sabotaged(sabotage, 1 << 20, List.of());
  }
}
