package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A header of the request or the response, or its other choice where the first is missing; of
 * repeated headers the first.
 *
 * @param first what to look for
 * @param second what to take instead; null when there is no other choice
 * @param ofRequest true for the request, false for the response
 * @param most bytes of the value to write at most
 */
record FieldOperator(Source first, @Nullable Source second, boolean ofRequest, int most)
    implements Operator {
  /** A header's name, or a part of the first line. */
  private record Source(Part part, FieldName name) {
    static Source of(String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      Part part =
          switch (lower) {
            case ":method" -> Part.METHOD;
            case ":path" -> Part.PATH;
            case ":authority" -> Part.AUTHORITY;
            case ":scheme" -> Part.SCHEME;
            case ":status" -> Part.STATUS;
            default -> Part.FIELD;
          };
      return new Source(part, FieldName.of(lower));
    }
  }

  private enum Part {
    METHOD,
    PATH,
    AUTHORITY,
    SCHEME,
    STATUS,
    FIELD
  }

  /** Reads {@code X} or {@code X?Y}; the names were checked. */
  static FieldOperator of(String names, boolean ofRequest, int most) {
    int mark = names.indexOf('?');
    Source first = Source.of(mark < 0 ? names : names.substring(0, mark));
    Source second = mark < 0 ? null : Source.of(names.substring(mark + 1));
    return new FieldOperator(first, second, ofRequest, most);
  }

  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    Head head = ofRequest ? record.request() : record.response();
    return switch (head) {
      case null -> false;
      case RequestHead request ->
          append(request, first, line, escape)
              || (second != null && append(request, second, line, escape));
      case ResponseHead response ->
          append(response, first, line, escape)
              || (second != null && append(response, second, line, escape));
    };
  }

  private boolean append(RequestHead head, Source source, ByteBuf line, Escape escape) {
    return switch (source.part) {
      case METHOD -> part(head.fields(), head.methodStart(), head.methodEnd(), line, escape);
      case PATH -> part(head.fields(), head.pathStart(), head.pathEnd(), line, escape);
      case AUTHORITY ->
          part(head.fields(), head.authorityStart(), head.authorityEnd(), line, escape);
      case SCHEME -> {
        escape.append(head.scheme(), line);
        yield true;
      }
      case STATUS -> false;
      case FIELD -> field(head.fields(), source.name, line, escape);
    };
  }

  private boolean append(ResponseHead head, Source source, ByteBuf line, Escape escape) {
    return switch (source.part) {
      case METHOD, PATH, AUTHORITY, SCHEME -> false;
      case STATUS -> {
        Digits.append(head.status(), line);
        yield true;
      }
      case FIELD -> field(head.fields(), source.name, line, escape);
    };
  }

  private boolean field(Fields fields, FieldName name, ByteBuf line, Escape escape) {
    int at = fields.find(name, 0);
    if (at < 0) {
      return false;
    }
    value(fields, fields.valueStart(at), fields.valueEnd(at), line, escape);
    return true;
  }

  private boolean part(Fields fields, int start, int end, ByteBuf line, Escape escape) {
    value(fields, start, end, line, escape);
    return end > start;
  }

  private void value(Fields fields, int start, int end, ByteBuf line, Escape escape) {
    escape.append(fields.bytes(), start, Math.min(end, start + most), line);
  }
}
