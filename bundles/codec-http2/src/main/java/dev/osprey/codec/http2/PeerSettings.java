package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import io.netty.buffer.ByteBuf;

/** What the peer's SETTINGS say (RFC 9113 section 6.5.2). */
final class PeerSettings {
  static final int HEADER_TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int MAX_FRAME_SIZE = 5;
  static final int MAX_HEADER_LIST_SIZE = 6;
  static final int ENABLE_CONNECT_PROTOCOL = 8;
  static final int NO_RFC7540_PRIORITIES = 9;

  /** The window that new streams begin with. */
  long initialWindow = Frames.FIRST_WINDOW;

  /** The largest payload it takes. */
  int maxFrameSize = Frames.FIRST_FRAME_SIZE;

  /** How many streams we may open at once; without bound unless it says so. */
  long maxStreams = Integer.MAX_VALUE;

  /** It understands extended CONNECT (RFC 8441). */
  boolean connectProtocol;

  /**
   * Takes one setting.
   *
   * @param fromServer the peer is a server
   * @return the code of the rule that it breaks; NO_ERROR when it breaks none
   */
  ErrorCode take(int id, long value, boolean fromServer) {
    switch (id) {
      case ENABLE_PUSH -> {
        return value > (fromServer ? 0 : 1) ? ErrorCode.PROTOCOL_ERROR : ErrorCode.NO_ERROR;
      }
      case MAX_CONCURRENT_STREAMS -> maxStreams = value;
      case INITIAL_WINDOW_SIZE -> {
        if (value > Frames.MAX_WINDOW) {
          return ErrorCode.FLOW_CONTROL_ERROR;
        }
        initialWindow = value;
      }
      case MAX_FRAME_SIZE -> {
        if (value < Frames.FIRST_FRAME_SIZE || value > Frames.MAX_FRAME_SIZE) {
          return ErrorCode.PROTOCOL_ERROR;
        }
        maxFrameSize = (int) value;
      }
      case ENABLE_CONNECT_PROTOCOL -> {
        // Once offered it may not be taken back (RFC 8441 section 3).
        if (value > 1 || (connectProtocol && value == 0)) {
          return ErrorCode.PROTOCOL_ERROR;
        }
        connectProtocol = value == 1;
      }
      case NO_RFC7540_PRIORITIES -> {
        return value > 1 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.NO_ERROR;
      }
      default -> {
        // Our encoder keeps no table, heads are bounded on the way in, others are not known.
      }
    }
    return ErrorCode.NO_ERROR;
  }

  /** Appends one setting of our own. */
  static void write(ByteBuf out, int id, int value) {
    out.writeShort(id).writeInt(value);
  }

  /** Writes the state into a record. */
  void save(StateWriter record) {
    record.number(initialWindow).number(maxFrameSize).number(maxStreams).flag(connectProtocol);
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    initialWindow = record.number();
    maxFrameSize = record.integer();
    maxStreams = record.number();
    connectProtocol = record.flag();
  }
}
