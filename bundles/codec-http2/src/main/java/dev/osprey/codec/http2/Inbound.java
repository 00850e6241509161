package dev.osprey.codec.http2;

import dev.osprey.spi.codec.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reads frames, one a call; DATA goes on piece by piece as it comes (RFC 9113 sections 4 and 6).
 */
final class Inbound {
  private static final int MAX_PAD_BYTES = 1;

  private final Connection connection;
  private final State state;
  private final Role role;
  private final ControlFrames control;
  private final int maxBlockBytes;

  Inbound(Connection connection, Role role) {
    this.connection = connection;
    this.state = connection.state;
    this.role = role;
    this.control = new ControlFrames(connection, role);
    // A block of so many bytes may be decoded to the end, so that its stream gets a clean answer.
    this.maxBlockBytes = 2 * Math.max(connection.plan.config().maxHeadBytes(), 8192);
  }

  Progress decode(ByteBuf in) {
    connection.beforeReading();
    if (state.budgets.isOverdrawn()) {
      connection.flood(state.budgets.overdraft());
    }
    Progress progress = state.over ? Progress.NEED_INPUT : frame(in);
    return state.over ? Progress.NEED_INPUT : progress;
  }

  private Progress frame(ByteBuf in) {
    if (state.dataLeft > 0 || state.padLeft > 0) {
      return body(in);
    }
    if (in.readableBytes() < Frames.HEADER_BYTES) {
      return Progress.NEED_INPUT;
    }
    int at = in.readerIndex();
    int length = in.getUnsignedMedium(at);
    int type = in.getUnsignedByte(at + 3);
    int flags = in.getUnsignedByte(at + 4);
    int stream = in.getInt(at + 5) & Frames.MAX_STREAM;
    if (!isInOrder(length, type, stream)) {
      return Progress.NEED_INPUT;
    }
    if (type == Frames.DATA) {
      return data(in, length, flags, stream);
    }
    if (in.readableBytes() < Frames.HEADER_BYTES + length) {
      return Progress.NEED_INPUT;
    }
    // Consumed first: whoever closes the connection lets the input go.
    in.skipBytes(Frames.HEADER_BYTES + length);
    int payload = at + Frames.HEADER_BYTES;
    switch (type) {
      case Frames.HEADERS -> headers(in, payload, length, flags, stream);
      case Frames.CONTINUATION -> blockPart(in, payload, length, flags, false);
      default -> control.frame(in, payload, type, length, flags, stream);
    }
    return Progress.AGAIN;
  }

  private boolean isInOrder(int length, int type, int stream) {
    if (length > Frames.FIRST_FRAME_SIZE) {
      connection.fail(
          ErrorCode.FRAME_SIZE_ERROR, Counters.Event.FRAME_SIZE_ERROR, "a frame that is too large");
    } else if (!state.settingsSeen && type != Frames.SETTINGS) {
      connection.protocolError("the first frame is not SETTINGS");
    } else if (state.blockStream != 0
        && (type != Frames.CONTINUATION || stream != state.blockStream)) {
      connection.protocolError("a frame inside a field block");
    } else if (state.blockStream == 0 && type == Frames.CONTINUATION) {
      connection.protocolError("a continuation of nothing");
    }
    return !state.over;
  }

  // ---- field blocks

  private void headers(ByteBuf in, int payload, int length, int flags, int stream) {
    if (stream == 0) {
      connection.protocolError("HEADERS without a stream");
      return;
    }
    int extra = (flags & Frames.WITH_PRIORITY) != 0 ? Frames.PRIORITY_BYTES : 0;
    int pad = 0;
    int left = length;
    if ((flags & Frames.PADDED) != 0) {
      if (left < MAX_PAD_BYTES) {
        wrongSize("HEADERS");
        return;
      }
      pad = in.getUnsignedByte(payload);
      left--;
    }
    if (left < extra) {
      wrongSize("HEADERS");
      return;
    }
    left -= extra;
    if (pad > left) {
      connection.protocolError("more padding than payload");
      return;
    }
    state.blockStream = stream;
    state.blockEnds = (flags & Frames.END_STREAM) != 0;
    if ((flags & Frames.END_HEADERS) == 0) {
      connection.blockBegins();
    }
    blockPart(in, payload + length - left, left - pad, flags, true);
  }

  private void blockPart(ByteBuf in, int at, int length, int flags, boolean first) {
    boolean last = (flags & Frames.END_HEADERS) != 0;
    if (length > 0 || last) {
      state.budgets.notEmpty();
    } else if (state.budgets.emptyFrame()) {
      connection.flood(Counters.Event.EMPTY_FRAMES_FLOOD);
      return;
    }
    if ((!first && state.budgets.continuation(++state.blockParts))
        || state.blockLength + length > maxBlockBytes) {
      connection.flood(Counters.Event.CONTINUATION_FLOOD);
      return;
    }
    state.room(state.blockLength + length);
    in.getBytes(at, state.block, state.blockLength, length);
    state.blockLength += length;
    if (last) {
      role.block(state.blockStream, state.blockEnds);
      connection.block.shrink();
    }
  }

  // ---- bodies

  private Progress data(ByteBuf in, int length, int flags, int stream) {
    boolean padded = (flags & Frames.PADDED) != 0;
    int extra = padded ? 1 : 0;
    if (in.readableBytes() < Frames.HEADER_BYTES + Math.min(extra, length)) {
      return Progress.NEED_INPUT;
    }
    if (length < extra) {
      wrongSize("DATA");
      return Progress.NEED_INPUT;
    }
    int pad = padded ? in.getUnsignedByte(in.readerIndex() + Frames.HEADER_BYTES) : 0;
    if (pad > length - extra) {
      connection.protocolError("more padding than payload");
      return Progress.NEED_INPUT;
    }
    if (!role.wasOpened(stream)) {
      connection.protocolError("DATA for a stream that was never opened");
      return Progress.NEED_INPUT;
    }
    if (length > state.receiveWindow) {
      connection.fail(
          ErrorCode.FLOW_CONTROL_ERROR,
          Counters.Event.FLOW_CONTROL_ERROR,
          "more DATA than the connection's window");
      return Progress.NEED_INPUT;
    }
    in.skipBytes(Frames.HEADER_BYTES + extra);
    begin(stream, length, length - extra - pad, pad, (flags & Frames.END_STREAM) != 0);
    return Progress.AGAIN;
  }

  private void begin(int number, int length, int payload, int pad, boolean end) {
    state.dataStream = number;
    state.dataLeft = payload;
    state.padLeft = pad;
    state.dataEnds = end;
    state.receiveWindow -= length;
    connection.out.creditConnection(length);
    if (payload > 0 || end) {
      state.budgets.notEmpty();
    } else if (state.budgets.emptyFrame()) {
      connection.flood(Counters.Event.EMPTY_FRAMES_FLOOD);
      return;
    }
    Stream stream = state.streams.get(number);
    if (stream == null) {
      late(number);
    } else {
      begin(stream, length, payload, end);
    }
  }

  /** DATA of a stream that is closed: of no use, but no harm when we ended it early. */
  private void late(int number) {
    if (state.early.takes(number)) {
      return;
    }
    if (state.budgets.control()) {
      connection.flood(Counters.Event.CONTROL_FLOOD);
    } else if (!state.early.contains(number)) {
      connection.plan.counters().streamError(ErrorCode.STREAM_CLOSED);
      connection.out.reset(number, ErrorCode.STREAM_CLOSED);
    }
  }

  private void begin(Stream stream, int length, int payload, boolean end) {
    if (!stream.receives) {
      connection.streamError(stream, ErrorCode.STREAM_CLOSED, "DATA behind the end");
    } else if (length > Math.max(0, stream.receiveWindow)) {
      connection.streamError(
          stream, ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the stream's window");
    } else if (!stream.headSeen && !stream.refused) {
      role.malformed(stream, Fault.BODY_FIRST);
    } else if (stream.tunnel && !stream.headSent && !stream.refused) {
      role.malformed(stream, Fault.TUNNEL_EARLY);
    } else {
      stream.receiveWindow -= length;
      if (payload >= Budgets.USEFUL_DATA || end || stream.untaken == 0) {
        state.budgets.data();
      }
      connection.out.credit(stream, length - payload);
      count(stream, payload, end);
      if (payload == 0 && end) {
        part(Unpooled.EMPTY_BUFFER, true);
      }
    }
  }

  /** Compares what comes with what was announced (section 8.1.1). */
  private void count(Stream stream, int payload, boolean end) {
    if (stream.expected == Stream.UNKNOWN || stream.refused) {
      return;
    }
    if (payload > stream.expected || (end && payload < stream.expected)) {
      role.malformed(stream, Fault.BODY_LENGTH);
    } else {
      stream.expected -= payload;
    }
  }

  private Progress body(ByteBuf in) {
    if (state.dataLeft == 0) {
      int padding = Math.min(state.padLeft, in.readableBytes());
      in.skipBytes(padding);
      state.padLeft -= padding;
      return state.padLeft > 0 ? Progress.NEED_INPUT : Progress.AGAIN;
    }
    int size = Math.min(state.dataLeft, in.readableBytes());
    if (size == 0) {
      return Progress.NEED_INPUT;
    }
    state.dataLeft -= size;
    part(in.readRetainedSlice(size), state.dataLeft == 0 && state.dataEnds);
    return Progress.AGAIN;
  }

  private void part(ByteBuf part, boolean last) {
    Stream stream = state.streams.get(state.dataStream);
    if (stream == null || !stream.receives) {
      part.release();
      return;
    }
    stream.receives = !last;
    if (stream.refused || stream.declined) {
      connection.out.credit(stream, part.readableBytes());
      part.release();
    } else {
      connection.intake.take(stream, part, last);
    }
    role.settle(stream);
  }

  private void wrongSize(String frame) {
    connection.fail(
        ErrorCode.FRAME_SIZE_ERROR, Counters.Event.FRAME_SIZE_ERROR, frame + " of a wrong length");
  }
}
