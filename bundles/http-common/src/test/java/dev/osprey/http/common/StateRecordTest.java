package dev.osprey.http.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.StateRecord;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The encoding that every version of a codec writes and reads. */
class StateRecordTest {
  private enum Choice {
    FIRST,
    SECOND
  }

  @Property
  void readsWhatWasWritten(
      @ForAll long number, @ForAll long signed, @ForAll boolean flag, @ForAll byte[] bytes) {
    StateWriter writer = new StateWriter();
    writer.number(number).signed(signed).flag(flag).string(bytes).choice(Choice.SECOND);
    StateReader reader = new StateReader(writer.string(bytes, bytes.length / 2).toRecord("f", 3));
    assertThat(reader.number()).isEqualTo(number);
    assertThat(reader.signed()).isEqualTo(signed);
    assertThat(reader.flag()).isEqualTo(flag);
    assertThat(reader.string()).isEqualTo(bytes);
    assertThat(reader.choice(Choice.values())).isEqualTo(Choice.SECOND);
    assertThat(reader.string()).hasSize(bytes.length / 2);
  }

  @Property
  void copiesLate_whatIsSaidToStay(@ForAll byte[] first, @ForAll byte[] second) {
    StateWriter writer = new StateWriter();
    writer
        .number(300)
        .string(first.length, (to, at) -> System.arraycopy(first, 0, to, at, first.length));
    writer.string(second.length, (to, at) -> System.arraycopy(second, 0, to, at, second.length));
    StateRecord late = writer.flag(true).toRecord("f", 1);
    StateRecord early =
        new StateWriter().number(300).string(first).string(second).flag(true).toRecord("f", 1);
    assertThat(late.state()).isEqualTo(early.state());

    StateReader reader = new StateReader(late);
    assertThat(reader.number()).isEqualTo(300);
    ByteBuffer view = reader.view();
    byte[] seen = new byte[view.remaining()];
    view.get(seen);
    assertThat(seen).isEqualTo(first);
    assertThat(reader.string()).isEqualTo(second);
    assertThat(reader.flag()).isTrue();
  }

  /** Records of builds that are already out there must stay readable: these bytes never change. */
  @Test
  void theEncodingIsTheOneThatWasAlwaysThere() {
    StateRecord record =
        new StateWriter()
            .number(5)
            .number(300)
            .signed(-2)
            .flag(true)
            .choice(Choice.SECOND)
            .string(Bytes.of("ab"))
            .toRecord("some.format", 2);
    assertThat(record.format()).isEqualTo("some.format");
    assertThat(record.version()).isEqualTo(2);
    assertThat(record.state()).containsExactly(5, 0xac, 0x02, 3, 1, 1, 2, 'a', 'b');
  }
}
