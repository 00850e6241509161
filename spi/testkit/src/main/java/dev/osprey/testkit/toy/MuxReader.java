package dev.osprey.testkit.toy;

import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.message.Reset;
import dev.osprey.testkit.toy.HeadTable.Pair;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads frames, one a call, and applies them to the state of the connection. */
final class MuxReader {
  private final MuxState state;
  private final CodecHost host;
  private final MuxWriter writer;
  private final Role role;
  private final int maxHeadBytes;

  /** What differs between the two ends. */
  interface Role {
    /** Where the peer is. */
    Reset.Source peer();

    /** A complete block of type HEAD; false when the connection can't go on. */
    boolean onHead(int stream, List<Pair> pairs, boolean end);

    /** The peer will serve no stream above this one. */
    void onGoodbye(int highest);

    /** A stream may be over: forget it, and close when it was the last. */
    void settle(MuxStream stream);
  }

  MuxReader(MuxState state, CodecHost host, MuxWriter writer, Role role, int maxHeadBytes) {
    this.state = state;
    this.host = host;
    this.writer = writer;
    this.role = role;
    this.maxHeadBytes = maxHeadBytes;
  }

  Progress decode(ByteBuf in) {
    if (state.dataLeft > 0) {
      return body(in);
    }
    if (in.readableBytes() < Wire.HEADER_BYTES) {
      return Progress.NEED_INPUT;
    }
    int at = in.readerIndex();
    int type = in.getUnsignedByte(at);
    int flags = in.getUnsignedByte(at + 1);
    int length = in.getUnsignedShort(at + 2);
    int stream = in.getInt(at + 4);
    if (!isLegal(type, flags, length, stream)) {
      return broken(in, "an illegal frame");
    }
    if (type == Wire.DATA) {
      in.skipBytes(Wire.HEADER_BYTES);
      return dataBegins(in, stream, length, (flags & Wire.END) != 0);
    }
    if (in.readableBytes() < Wire.HEADER_BYTES + length) {
      return Progress.NEED_INPUT;
    }
    in.skipBytes(Wire.HEADER_BYTES);
    return frame(in, type, flags, length, stream);
  }

  private boolean isLegal(int type, int flags, int length, int stream) {
    boolean known = type >= Wire.HEAD && type <= Wire.GOODBYE;
    boolean inBlock = state.blockType != 0;
    boolean continues = type == state.blockType && stream == state.blockStream;
    boolean fixed =
        switch (type) {
          case Wire.WINDOW, Wire.GOODBYE -> length == 4 && flags == 0;
          case Wire.RESET -> length == 2 && flags == 0;
          default -> length <= Wire.MAX_PAYLOAD && flags <= (Wire.END | Wire.MORE);
        };
    boolean numbered = type == Wire.GOODBYE ? stream == 0 : stream > 0 && stream % 2 == 1;
    return known && fixed && numbered && (!inBlock || continues);
  }

  private Progress frame(ByteBuf in, int type, int flags, int length, int stream) {
    switch (type) {
      case Wire.HEAD, Wire.TRAILERS -> {
        return blockPart(in, type, flags, length, stream);
      }
      case Wire.WINDOW -> window(stream, in.readInt());
      case Wire.RESET -> reset(stream, in.readUnsignedByte(), in.readByte() != 0);
      default -> goodbye(in.readInt());
    }
    return Progress.AGAIN;
  }

  private Progress blockPart(ByteBuf in, int type, int flags, int length, int stream) {
    if (state.block.size() + length > maxHeadBytes) {
      return broken(in, "a head of more than " + maxHeadBytes + " bytes");
    }
    byte[] part = new byte[length];
    in.readBytes(part);
    state.block.writeBytes(part);
    state.blockType = type;
    state.blockStream = stream;
    state.blockEnds = (flags & Wire.END) != 0;
    if ((flags & Wire.MORE) != 0) {
      return Progress.AGAIN;
    }
    List<Pair> pairs = HeadBlock.decode(state.block.toByteArray(), state.inTable);
    state.block.reset();
    state.blockType = 0;
    if (pairs == null || !HeadBlock.isWellNamed(pairs)) {
      return broken(in, "a broken block");
    }
    boolean goesOn =
        type == Wire.TRAILERS
            ? trailers(stream, pairs)
            : role.onHead(stream, pairs, state.blockEnds);
    return goesOn ? Progress.AGAIN : broken(in, "a frame out of order");
  }

  private boolean trailers(int number, List<Pair> pairs) {
    MuxStream stream = receiving(number);
    if (stream != null && !stream.headSeen) {
      fail(stream, "trailers before a head");
    } else if (stream != null) {
      stream.receives = false;
      host.onTrailers(number, HeadBlock.fields(pairs));
      role.settle(stream);
    }
    return number <= state.highestStream;
  }

  private Progress dataBegins(ByteBuf in, int number, int length, boolean end) {
    if (number > state.highestStream) {
      return broken(in, "data of a stream that was never opened");
    }
    MuxStream stream = receiving(number);
    if (stream != null && (length > stream.receiveCredit || !stream.headSeen)) {
      fail(stream, stream.headSeen ? "more data than credit" : "data before a head");
    } else if (stream != null) {
      stream.receiveCredit -= length;
    }
    state.dataStream = number;
    state.dataLeft = length;
    state.dataEnds = end;
    if (length == 0) {
      bodyPart(host.alloc().buffer(0, 0), end);
      return Progress.AGAIN;
    }
    return body(in);
  }

  private Progress body(ByteBuf in) {
    int size = Math.min(state.dataLeft, in.readableBytes());
    if (size == 0) {
      return Progress.NEED_INPUT;
    }
    state.dataLeft -= size;
    bodyPart(in.readRetainedSlice(size), state.dataLeft == 0 && state.dataEnds);
    return Progress.AGAIN;
  }

  private void bodyPart(ByteBuf part, boolean last) {
    MuxStream stream = receiving(state.dataStream);
    if (stream == null) {
      part.release();
      return;
    }
    stream.receives = !last;
    host.onData(stream.id, part, last);
    role.settle(stream);
  }

  private void window(int number, int bytes) {
    MuxStream stream = state.streams.get(number);
    if (stream == null) {
      return;
    }
    if (bytes <= 0 || stream.sendCredit + bytes > Integer.MAX_VALUE) {
      fail(stream, "credit out of range");
      return;
    }
    stream.sendCredit += bytes;
    writer.drain(stream);
    role.settle(stream);
    host.onWritable();
  }

  private void reset(int number, int reason, boolean retryable) {
    MuxStream stream = state.streams.remove(number);
    if (stream != null) {
      stream.release();
      host.onReset(number, new Reset(role.peer(), Wire.reason(reason), retryable, "by the peer"));
      stream.receives = stream.sends = false;
      role.settle(stream);
    }
  }

  private void goodbye(int highest) {
    if (!state.heardGoodbye) {
      state.heardGoodbye = true;
      host.onGoodbye();
      role.onGoodbye(highest);
    }
  }

  /** Ends one stream whose peer broke a rule that concerns it alone. */
  private void fail(MuxStream stream, String detail) {
    Reset reset = new Reset(role.peer(), Reset.Reason.PROTOCOL_ERROR, false, detail);
    state.streams.remove(stream.id);
    stream.release();
    writer.reset(stream.id, reset);
    host.onReset(stream.id, reset);
    stream.receives = stream.sends = false;
    role.settle(stream);
  }

  private Progress broken(ByteBuf in, String detail) {
    in.skipBytes(in.readableBytes());
    state.release();
    host.close(new Reset(role.peer(), Reset.Reason.PROTOCOL_ERROR, false, detail));
    return Progress.NEED_INPUT;
  }

  private @Nullable MuxStream receiving(int number) {
    MuxStream stream = state.streams.get(number);
    return stream != null && stream.receives ? stream : null;
  }
}
