package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Reset;
import dev.osprey.testkit.toy.HeadTable.Pair;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Writes frames; keeps body that exceeds the peer's credit until more is given. */
final class MuxWriter {
  private final MuxState state;
  private final CodecHost host;
  private final boolean writesPreface;

  MuxWriter(MuxState state, CodecHost host, boolean writesPreface) {
    this.state = state;
    this.host = host;
    this.writesPreface = writesPreface;
  }

  void head(MuxStream stream, List<Pair> pairs, boolean end) {
    block(Wire.HEAD, stream.id, pairs, end);
    if (end) {
      stream.sends = false;
    }
  }

  void data(MuxStream stream, @Owned ByteBuf data, boolean end) {
    stream.endQueued |= end;
    stream.queuedBytes += data.readableBytes();
    if (data.isReadable()) {
      stream.queue.add(data);
    } else {
      data.release();
    }
    drain(stream);
  }

  void trailers(MuxStream stream, List<Pair> trailers) {
    stream.queuedTrailers = trailers;
    drain(stream);
  }

  /** Sends as much of the queue as the credit allows, then the end when it is due. */
  void drain(MuxStream stream) {
    while (stream.queuedBytes > 0 && stream.sendCredit > 0) {
      sendSome(stream);
    }
    if (stream.queuedBytes == 0 && stream.sends) {
      finish(stream);
    }
  }

  private void sendSome(MuxStream stream) {
    int size = (int) Math.min(Math.min(stream.queuedBytes, stream.sendCredit), Wire.MAX_PAYLOAD);
    boolean last = size == stream.queuedBytes && stream.endQueued;
    stream.sendCredit -= size;
    stream.queuedBytes -= size;
    stream.sends &= !last;
    Wire.header(out(), Wire.DATA, last ? Wire.END : 0, size, stream.id);
    writeQueued(stream, size);
  }

  /** How the queue is cut into buffers must not show: a swap joins them. */
  private void writeQueued(MuxStream stream, int size) {
    for (int left = size; left > 0; ) {
      ByteBuf next = stream.queue.element();
      int part = Math.min(left, next.readableBytes());
      left -= part;
      if (part == next.readableBytes()) {
        stream.queue.remove();
        host.write(next);
      } else {
        host.write(next.readRetainedSlice(part));
      }
    }
  }

  private void finish(MuxStream stream) {
    List<Pair> trailers = stream.queuedTrailers;
    if (trailers != null) {
      block(Wire.TRAILERS, stream.id, trailers, true);
      stream.sends = false;
    } else if (stream.endQueued) {
      Wire.header(out(), Wire.DATA, Wire.END, 0, stream.id);
      stream.sends = false;
    }
  }

  void reset(int stream, Reset reset) {
    ByteBuf out = out();
    Wire.header(out, Wire.RESET, 0, 2, stream);
    out.writeByte(Wire.code(reset.reason())).writeBoolean(reset.retryable());
  }

  void credit(int stream, int bytes) {
    ByteBuf out = out();
    Wire.header(out, Wire.WINDOW, 0, 4, stream);
    out.writeInt(bytes);
  }

  void goodbye() {
    ByteBuf out = out();
    Wire.header(out, Wire.GOODBYE, 0, 4, 0);
    out.writeInt(Math.max(state.highestStream, 0));
  }

  private void block(int type, int stream, List<Pair> pairs, boolean end) {
    byte[] block = HeadBlock.encode(pairs, state.outTable);
    int from = 0;
    do {
      int size = Math.min(block.length - from, Wire.MAX_PAYLOAD);
      boolean more = from + size < block.length;
      ByteBuf out = out();
      Wire.header(out, type, (end ? Wire.END : 0) | (more ? Wire.MORE : 0), size, stream);
      out.writeBytes(block, from, size);
      from += size;
    } while (from < block.length);
  }

  private ByteBuf out() {
    ByteBuf out = host.out();
    if (writesPreface && !state.prefaceDone) {
      state.prefaceDone = true;
      out.writeBytes(Wire.PREFACE);
    }
    return out;
  }
}
