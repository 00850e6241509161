package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The start of a stream, in UTC. What stays the same for a second is worded once and shared by all
 * strands; a race between two of them costs a second wording, no more.
 */
final class StartTime implements Operator {
  /**
   * A piece of the format.
   *
   * @param formatter words the second; null for a fraction or the number of seconds
   * @param fractionDigits digits of the fraction; -1 for the number of seconds
   */
  record Piece(@Nullable DateTimeFormatter formatter, int fractionDigits) {
    static Piece of(DateTimeFormatter formatter) {
      return new Piece(formatter, 0);
    }

    static Piece fraction(int digits) {
      return new Piece(null, digits);
    }

    static Piece epochSecond() {
      return new Piece(null, -1);
    }
  }

  private record Worded(long second, byte[][] texts) {}

  private final Piece[] pieces;
  // Read and written without order: the record is immutable, so a stale one is only slower.
  private @Nullable Worded worded;

  StartTime(List<Piece> pieces) {
    this.pieces = pieces.toArray(Piece[]::new);
  }

  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    long millis = record.startMillis();
    byte[][] texts = texts(Math.floorDiv(millis, 1000L));
    for (int i = 0; i < pieces.length; i++) {
      byte[] text = texts[i];
      if (text.length > 0) {
        escape.append(text, 0, text.length, line);
      } else {
        Digits.appendFraction((int) Math.floorMod(millis, 1000L), pieces[i].fractionDigits(), line);
      }
    }
    return true;
  }

  private byte[][] texts(long second) {
    Worded last = worded;
    if (last == null || last.second != second) {
      last = new Worded(second, word(second));
      worded = last;
    }
    return last.texts;
  }

  private byte[][] word(long second) {
    ZonedDateTime time = Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC);
    byte[][] texts = new byte[pieces.length][];
    for (int i = 0; i < texts.length; i++) {
      DateTimeFormatter formatter = pieces[i].formatter();
      String text =
          formatter != null
              ? formatter.format(time)
              : pieces[i].fractionDigits() < 0 ? Long.toString(second) : "";
      texts[i] = text.getBytes(StandardCharsets.UTF_8);
    }
    return texts;
  }
}
