package dev.osprey.http.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import dev.osprey.testkit.Reactions;
import dev.osprey.testkit.RecordingHost;
import org.junit.jupiter.api.Test;

/** The fields that the proxy adds, over a table whose tags have flags. */
class ForwardedFieldsTest {
  private static final int FLAG = 16;
  private static final ForwardedPlan.Layout LAYOUT =
      new ForwardedPlan.Layout("9", "=", ";", FLAG - 1, 1, 2, 3, 4);
  private static final Provenance READER = new Provenance("test");

  @Test
  void entersTheFields_withTheTagsOfTheReader() {
    Fields fields = add(Forwarding.DEFAULTS, read());
    assertThat(fields.size()).isEqualTo(3);
    assertThat(fields.first(FieldName.of("x-forwarded-for"))).isEqualTo("192.0.2.1");
    assertThat(fields.first(FieldName.of("x-forwarded-proto"))).isEqualTo("http");
    assertThat(fields.tag(0)).isEqualTo(1);
    assertThat(fields.tag(1)).isEqualTo(2);
    assertThat(fields.tag(2)).isEqualTo(4);
  }

  @Test
  void joinsAddresses_andKeepsTheFlagsOfEach() {
    Fields fields =
        add(Forwarding.DEFAULTS, read("x-forwarded-for", "a", 1, "x-forwarded-for", "b", 1 | FLAG));
    assertThat(fields.first(FieldName.of("x-forwarded-for"))).isEqualTo("a, b, 192.0.2.1");
    assertThat(fields.tag(0)).isEqualTo(1 | FLAG);
  }

  @Test
  void doesNotTakeAForeignFieldForOneThatWasRead() {
    Fields fields = read();
    fields.add("x-request-id", "made up");
    assertThat(fields(Forwarding.DEFAULTS).requestIdOf(fields)).isNull();
  }

  @Test
  void givesTheRequestsId() {
    Fields fields = add(Forwarding.DEFAULTS, read());
    assertThat(fields(Forwarding.DEFAULTS).requestIdOf(fields))
        .hasSize(36)
        .isEqualTo(fields.first(FieldName.of("x-request-id")));
  }

  @Test
  void addsWhatWasReadAndTakenOutAgain() {
    Fields fields =
        read("x-forwarded-for", "a", 1, "x-forwarded-proto", "gopher", 2, "x-request-id", "b", 4);
    while (fields.size() > 0) {
      fields.removeAt(0);
    }
    Forwarding trusting =
        new Forwarding(
            true, 1, false, "", true, true, false, "", Forwarding.ServerHeader.OVERWRITE, false);
    assertThat(add(trusting, fields).size()).isEqualTo(3);
  }

  private static ForwardedFields fields(Forwarding options) {
    return new ForwardedFields(
        new ForwardedPlan(options, LAYOUT), RecordingHost.fresh(new Reactions() {}));
  }

  private static Fields add(Forwarding options, Fields fields) {
    fields(options).addTo(fields, 200, true, true, true);
    return fields;
  }

  /** Name, value and tag of each field. */
  private static Fields read(Object... parts) {
    Fields fields = new Fields();
    byte[] bytes = fields.begin(READER, 1024);
    int at = 0;
    for (int i = 0; i < parts.length; i += 3) {
      byte[] name = Bytes.of((String) parts[i]);
      byte[] value = Bytes.of((String) parts[i + 1]);
      System.arraycopy(name, 0, bytes, at, name.length);
      System.arraycopy(value, 0, bytes, at + name.length, value.length);
      int middle = at + name.length;
      fields.scanned(at, middle, middle, middle + value.length, (int) parts[i + 2]);
      at = middle + value.length;
    }
    return fields;
  }
}
