package dev.osprey.http.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as text. */
class BytesTest {
  @Property
  void readsWhatItWrites(@ForAll @LongRange(min = 0) long number) {
    ByteBuf out = Unpooled.buffer();
    Bytes.writeDecimal(out, number);
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertThat(text).isEqualTo(Long.toString(number));
    assertThat(read(text)).isEqualTo(number);
    out.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "1 ", "1,1", "0x1", "9223372036854775808", "\u00b2"})
  void refusesWhatIsNoNumber(String text) {
    assertThat(read(text)).isEqualTo(-1);
  }

  private static long read(String text) {
    byte[] bytes = Bytes.of("7" + text + "7");
    return Bytes.readDecimal(bytes, 1, bytes.length - 1);
  }
}
