package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.message.Fields;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Fields that wait to be written, as they stand in a record. */
final class FieldsRecord {
  private FieldsRecord() {}

  /** Appends fields; null is kept apart from none. */
  static void save(StateWriter record, @Nullable Fields fields) {
    if (fields == null) {
      record.number(0);
      return;
    }
    record.number(fields.size() + 1L);
    for (int i = 0; i < fields.size(); i++) {
      record.string(Bytes.of(fields.name(i))).string(Bytes.of(fields.value(i)));
      record.number(HeadWriter.neverIndexed(fields, i));
    }
  }

  /** The next fields; null when there were none to follow. */
  static @Nullable Fields restore(StateReader record) {
    int count = record.integer() - 1;
    if (count < 0) {
      return null;
    }
    Fields fields = new Fields();
    for (int i = 0; i < count; i++) {
      String name = new String(record.string(), StandardCharsets.ISO_8859_1);
      fields.add(name, new String(record.string(), StandardCharsets.ISO_8859_1));
      fields.tag(i, record.integer());
    }
    return fields;
  }
}
