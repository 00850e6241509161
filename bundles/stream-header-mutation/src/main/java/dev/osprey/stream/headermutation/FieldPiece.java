package dev.osprey.stream.headermutation;

import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamSession;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A header of the request or the answer, or its other choice where the first is missing; of
 * repeated headers the first.
 *
 * @param second what to take instead; null when there is no other choice
 * @param most characters of the value at most
 */
record FieldPiece(Source first, @Nullable Source second, int most) implements Value.Piece {
  /** Where a value comes from. */
  @FunctionalInterface
  interface Source {
    /** The value; null when there is none. */
    @Nullable String of(StreamSession stream);
  }

  /** Reads {@code X} or {@code X?Y}; the names were checked. */
  static FieldPiece of(String names, boolean ofRequest, int most) {
    int mark = names.indexOf('?');
    Source first = source(mark < 0 ? names : names.substring(0, mark), ofRequest);
    Source second = mark < 0 ? null : source(names.substring(mark + 1), ofRequest);
    return new FieldPiece(first, second, most);
  }

  private static Source source(String name, boolean ofRequest) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case ":method" -> stream -> stream.request().method();
      case ":path" -> stream -> stream.request().path();
      case ":authority", "host" -> ofRequest ? FieldPiece::authority : field(name, false);
      case ":scheme" -> stream -> stream.request().scheme();
      case ":status" -> FieldPiece::status;
      default -> field(name, ofRequest);
    };
  }

  private static Source field(String text, boolean ofRequest) {
    FieldName name = FieldName.of(text);
    if (ofRequest) {
      return stream -> stream.request().fields().first(name);
    }
    return stream -> {
      ResponseHead answer = stream.response();
      return answer == null ? null : answer.fields().first(name);
    };
  }

  private static @Nullable String authority(StreamSession stream) {
    RequestHead head = stream.request();
    return head.authority().isEmpty() ? null : head.authority();
  }

  private static @Nullable String status(StreamSession stream) {
    ResponseHead answer = stream.response();
    return answer == null ? null : Integer.toString(answer.status());
  }

  @Override
  public void append(StreamSession stream, StringBuilder text) {
    String value = first.of(stream);
    if (value == null && second != null) {
      value = second.of(stream);
    }
    if (value != null) {
      text.append(value, 0, Math.min(value.length(), most));
    }
  }
}
