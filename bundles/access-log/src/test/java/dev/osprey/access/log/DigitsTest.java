package dev.osprey.access.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTest {
  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        9,
        10,
        65_535,
        999_999_999,
        1_000_000_000,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE + 1L,
        3_000_000_007L,
        1_000_000_000_000_000_000L,
        Long.MAX_VALUE
      })
  void writesNumbersOfAnyLength(long number) {
    ByteBuf line = Unpooled.buffer();
    Digits.append(number, line);
    assertThat(line.toString(StandardCharsets.US_ASCII)).isEqualTo(Long.toString(number));
    line.release();
  }
}
