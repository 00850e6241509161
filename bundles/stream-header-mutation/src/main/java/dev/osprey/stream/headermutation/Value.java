package dev.osprey.stream.headermutation;

import dev.osprey.spi.stream.StreamSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A header's value: a constant, or pieces that look at the stream. Shared by all strands. */
final class Value {
  private final @Nullable String constant;
  private final List<Piece> pieces;

  private Value(@Nullable String constant, List<Piece> pieces) {
    this.constant = constant;
    this.pieces = pieces;
  }

  /** One piece of a value. */
  @FunctionalInterface
  interface Piece {
    /** Appends what the stream says; nothing when it does not say it. */
    void append(StreamSession stream, StringBuilder text);
  }

  static Value of(String constant) {
    return new Value(constant, List.of());
  }

  static Value of(List<Piece> pieces) {
    return new Value(null, List.copyOf(pieces));
  }

  boolean isConstant() {
    return constant != null;
  }

  /**
   * The value for a stream.
   *
   * @param stream may be null for a constant
   */
  String text(@Nullable StreamSession stream) {
    String known = constant;
    if (known != null) {
      return known;
    }
    if (stream == null) {
      throw new IllegalStateException("a value of no stream");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces.size(); i++) {
      pieces.get(i).append(stream, text);
    }
    return text.toString();
  }
}
