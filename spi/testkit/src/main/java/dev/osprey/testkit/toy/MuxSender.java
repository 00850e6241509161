package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** What the host asks of either end. */
final class MuxSender {
  private final MuxState state;
  private final CodecHost host;
  private final MuxWriter writer;
  private final MuxReader.Role role;
  private final int maxQueuedBytes;

  MuxSender(
      MuxState state, CodecHost host, MuxWriter writer, MuxReader.Role role, int maxQueuedBytes) {
    this.state = state;
    this.host = host;
    this.writer = writer;
    this.role = role;
    this.maxQueuedBytes = maxQueuedBytes;
  }

  void data(int number, @Owned ByteBuf data, boolean end) {
    MuxStream stream = state.streams.get(number);
    if (stream == null) {
      data.release();
      return;
    }
    writer.data(stream, data, end);
    if (stream.queuedBytes > maxQueuedBytes) {
      Reset reset = Reset.byHost(Reset.Reason.OVERFLOW, "the peer gives no credit");
      reset(number, reset);
      host.onReset(number, reset);
      return;
    }
    role.settle(stream);
  }

  /** False while body waits for credit; {@code onWritable} follows when credit has come. */
  boolean isWritable(int number) {
    MuxStream stream = state.streams.get(number);
    return stream == null || stream.queuedBytes == 0;
  }

  void trailers(int number, Fields trailers) {
    MuxStream stream = state.streams.get(number);
    if (stream != null) {
      writer.trailers(stream, HeadBlock.pairs(trailers));
      role.settle(stream);
    }
  }

  void reset(int number, Reset reset) {
    MuxStream stream = state.streams.remove(number);
    if (stream != null) {
      stream.release();
      stream.receives = stream.sends = false;
      writer.reset(number, reset);
      role.settle(stream);
    }
  }

  void credit(int number, int bytes) {
    MuxStream stream = state.streams.get(number);
    if (stream != null && stream.receives && bytes > 0) {
      stream.receiveCredit += bytes;
      writer.credit(number, bytes);
    }
  }

  void goodbye() {
    if (!state.saidGoodbye) {
      state.saidGoodbye = true;
      writer.goodbye();
    }
  }

  /** Everything whose message is not complete is cut short; the rest may still be sent. */
  void endOfInput(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    for (MuxStream stream : List.copyOf(state.streams.values())) {
      if (stream.receives) {
        state.streams.remove(stream.id);
        stream.release();
        host.onReset(
            stream.id,
            new Reset(role.peer(), Reset.Reason.TRUNCATED, false, "the connection ended"));
      }
    }
    state.dataLeft = 0;
    state.blockType = 0;
    state.block.reset();
    if (state.streams.isEmpty()) {
      host.close(new Reset(role.peer(), Reset.Reason.CONNECTION_LOST, false, "ended"));
    }
  }

  /** Never: preface and tables belong to the connection. */
  boolean isAtRest() {
    return false;
  }
}
