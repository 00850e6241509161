package dev.osprey.load;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PatternTest {
  @Property(tries = 200)
  void sameByteAtTheSamePosition(
      @ForAll @LongRange(max = 1L << 40) long position,
      @ForAll @IntRange(min = 1, max = 200_000) int length) {
    byte[] bytes = Pattern.bytes(position, length);
    assertThat(bytes[0]).isEqualTo(Pattern.at(position));
    assertThat(bytes[length - 1]).isEqualTo(Pattern.at(position + length - 1));
    assertThat(Pattern.mismatch(position, bytes, 0, length)).isEqualTo(-1);
  }

  @Property(tries = 200)
  void everyChangedByteShows(
      @ForAll @LongRange(max = 1L << 40) long position,
      @ForAll @IntRange(min = 1, max = 200_000) int length,
      @ForAll @IntRange(max = 199_999) int where) {
    byte[] bytes = Pattern.bytes(position, length);
    bytes[where % length] ^= 1;
    assertThat(Pattern.mismatch(position, bytes, 0, length)).isEqualTo(where % length);
  }
}
