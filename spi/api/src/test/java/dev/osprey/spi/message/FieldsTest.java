package dev.osprey.spi.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private static final FieldName HOST = FieldName.of("Host");

  /** One change of a set of fields. */
  record Change(int what, String name, String value) {}

  @Test
  void readsScannedFieldsFromTheBytesTheyCameIn() {
    Provenance scanner = new Provenance("test 1");
    byte[] wire = "Host: a.b\r\nX:1".getBytes(StandardCharsets.US_ASCII);
    Fields fields = new Fields(4, 0);
    System.arraycopy(wire, 0, fields.begin(scanner, wire.length), 0, wire.length);
    fields.scanned(0, 4, 6, 9, 3);
    fields.scanned(11, 12, 13, 14, 0);
    assertThat(fields.provenance()).isSameAs(scanner);
    assertThat(fields.first(HOST)).isEqualTo("a.b");
    assertThat(fields.tag(0)).isEqualTo(3);
    assertThat(fields.name(1) + "=" + fields.value(1)).isEqualTo("X=1");
    assertThat(fields).hasToString("Host: a.b\nX: 1\n");
    fields.clear();
    assertThat(fields.provenance()).isNull();
    assertThat(fields.size()).isZero();
  }

  @Test
  void marksWhatOthersAdd_soThatAWriterChecksIt() {
    Fields fields = new Fields();
    byte[] bytes = fields.begin(new Provenance("test 1"), 2);
    bytes[0] = 'h';
    bytes[1] = 'v';
    fields.scanned(0, 1, 1, 2, 7);
    fields.add("new", "1");
    fields.set(FieldName.of("H"), "changed");
    assertThat(fields.tag(0)).isEqualTo(Fields.UNCHECKED);
    assertThat(fields.tag(1)).isEqualTo(Fields.UNCHECKED);
    assertThat(fields.value(0)).isEqualTo("changed");
    assertThat(fields.name(0)).isEqualTo("h");
  }

  @Test
  void turnsWhatIsNotLatin1IntoWhatEveryValidatorRefuses() {
    Fields fields = new Fields();
    fields.add("k", "\u20ac\u00e4");
    assertThat(fields.value(0)).isEqualTo("\0\u00e4");
  }

  @Property
  void comparesNamesWithoutCase_inAsciiOnly(@ForAll("names") String a, @ForAll("names") String b) {
    byte[] bytes = b.getBytes(StandardCharsets.ISO_8859_1);
    boolean same = a.toLowerCase(Locale.ROOT).equals(b.toLowerCase(Locale.ROOT));
    assertThat(FieldName.of(a).matches(bytes, 0, bytes.length)).isEqualTo(same);
    byte[] padded = ("<" + b + ">").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(FieldName.of(a).matches(padded, 1, padded.length - 1)).isEqualTo(same);
  }

  @Property
  void behavesAsAListOfPairs(@ForAll("changes") List<Change> changes) {
    Fields fields = new Fields(1, 0);
    List<Change> model = new ArrayList<>();
    for (Change change : changes) {
      apply(change, fields);
      applyToModel(change, model);
      assertThat(fields.size()).isEqualTo(model.size());
      for (int i = 0; i < model.size(); i++) {
        assertThat(fields.name(i)).isEqualToIgnoringCase(model.get(i).name);
        assertThat(fields.value(i)).isEqualTo(model.get(i).value);
      }
    }
  }

  private static void apply(Change change, Fields fields) {
    switch (change.what) {
      case 0, 1 -> fields.add(change.name, change.value);
      case 2 -> fields.set(FieldName.of(change.name), change.value);
      case 3 -> fields.remove(FieldName.of(change.name));
      default -> {
        if (fields.size() > 0) {
          fields.removeAt(fields.size() / 2);
        }
      }
    }
  }

  private static void applyToModel(Change change, List<Change> model) {
    switch (change.what) {
      case 0, 1 -> model.add(change);
      case 2 -> {
        int first = -1;
        for (int i = 0; i < model.size() && first < 0; i++) {
          first = model.get(i).name.equalsIgnoreCase(change.name) ? i : -1;
        }
        if (first < 0) {
          model.add(change);
        } else {
          model.set(first, change);
          List<Change> rest = model.subList(first + 1, model.size());
          rest.removeIf(other -> other.name.equalsIgnoreCase(change.name));
        }
      }
      case 3 -> model.removeIf(other -> other.name.equalsIgnoreCase(change.name));
      default -> {
        if (!model.isEmpty()) {
          model.remove(model.size() / 2);
        }
      }
    }
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars("aAzZ@[`{-_0").ofMaxLength(3);
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<String> values = Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(300);
    return Combinators.combine(
            Arbitraries.integers().between(0, 4), Arbitraries.of("a", "A", "b", "ccc"), values)
        .as(Change::new)
        .list()
        .ofMaxSize(30);
  }
}
