package dev.osprey.codec.http2;

import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import java.util.Locale;

/** What the codec counts, by reason; kept by the host under {@code http2.NAME}. */
final class Counters {
  /** What is counted. */
  enum Event {
    RX_RESET,
    TX_RESET,
    GOAWAY_SENT,
    GOAWAY_RECEIVED,
    MESSAGING_ERROR,
    HEADER_OVERFLOW,
    STREAM_REFUSED,
    OPEN_HEADS_OVERFLOW,
    STREAM_ERROR,
    STREAM_PROTOCOL_ERROR,
    STREAM_FLOW_CONTROL_ERROR,
    STREAM_FRAME_SIZE_ERROR,
    STREAM_CLOSED_ERROR,
    PROTOCOL_ERROR,
    COMPRESSION_ERROR,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    STREAM_CLOSED,
    EMPTY_FRAMES_FLOOD,
    PRIORITY_FRAMES_FLOOD,
    WINDOW_UPDATE_FRAMES_FLOOD,
    CONTINUATION_FLOOD,
    HEAD_FLOOD,
    CONTROL_FLOOD,
    OUTBOUND_FLOOD,
    RAPID_RESET,
    KEEPALIVE_TIMEOUT,
    FLUSH_TIMEOUT,
    FIELD_BLOCK_TIMEOUT
  }

  private final Counter[] counters = new Counter[Event.values().length];

  @SuppressWarnings("EnumOrdinal") // an index into an array of our own
  Counters(PlanContext context) {
    for (Event event : Event.values()) {
      counters[event.ordinal()] = context.counter("http2." + event.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Counts a stream's error, and its kind. */
  void streamError(ErrorCode code) {
    count(Event.STREAM_ERROR);
    count(
        switch (code) {
          case FLOW_CONTROL_ERROR -> Event.STREAM_FLOW_CONTROL_ERROR;
          case FRAME_SIZE_ERROR -> Event.STREAM_FRAME_SIZE_ERROR;
          case STREAM_CLOSED -> Event.STREAM_CLOSED_ERROR;
          default -> Event.STREAM_PROTOCOL_ERROR;
        });
  }

  /** Counts one. */
  @SuppressWarnings("EnumOrdinal") // an index into an array of our own
  void count(Event event) {
    counters[event.ordinal()].add(1);
  }
}
