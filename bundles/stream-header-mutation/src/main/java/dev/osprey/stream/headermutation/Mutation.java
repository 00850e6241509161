package dev.osprey.stream.headermutation;

import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.stream.StreamSession;
import org.jspecify.annotations.Nullable;

/** One change to a set of fields. Shared by all strands. */
sealed interface Mutation {
  /**
   * Changes the fields.
   *
   * @param stream null when {@link #isConstant} holds for all mutations
   */
  void apply(Fields fields, @Nullable StreamSession stream);

  /** True when it does not look at the stream. */
  boolean isConstant();

  /** Removes all fields of a name. */
  record Remove(FieldName name) implements Mutation {
    @Override
    public void apply(Fields fields, @Nullable StreamSession stream) {
      fields.remove(name);
    }

    @Override
    public boolean isConstant() {
      return true;
    }
  }

  /** What an {@link Append} does with fields of the name that are there already; Envoy's names. */
  enum Action {
    APPEND_IF_EXISTS_OR_ADD,
    ADD_IF_ABSENT,
    OVERWRITE_IF_EXISTS_OR_ADD,
    OVERWRITE_IF_EXISTS
  }

  /**
   * Adds or replaces a field.
   *
   * @param spelling the name as it leaves
   * @param keepsEmpty true when an empty value counts as one
   */
  record Append(FieldName name, String spelling, Value value, Action action, boolean keepsEmpty)
      implements Mutation {
    @Override
    public void apply(Fields fields, @Nullable StreamSession stream) {
      String text = value.text(stream);
      if (text.isEmpty() && !keepsEmpty) {
        return;
      }
      switch (action) {
        case APPEND_IF_EXISTS_OR_ADD -> fields.add(spelling, text);
        case ADD_IF_ABSENT -> {
          if (!fields.contains(name)) {
            fields.add(spelling, text);
          }
        }
        case OVERWRITE_IF_EXISTS_OR_ADD -> fields.set(name, text);
        case OVERWRITE_IF_EXISTS -> {
          if (fields.contains(name)) {
            fields.set(name, text);
          }
        }
      }
    }

    @Override
    public boolean isConstant() {
      return value.isConstant();
    }
  }
}
