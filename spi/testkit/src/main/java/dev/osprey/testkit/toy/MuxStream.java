package dev.osprey.testkit.toy;

import dev.osprey.testkit.toy.HeadTable.Pair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an end knows of one open stream. */
final class MuxStream {
  final int id;
  boolean receives = true;
  boolean sends = true;
  boolean headSeen;

  /** Body bytes the peer still lets us send. */
  long sendCredit = Wire.FIRST_CREDIT;

  /** Body bytes we still let the peer send. */
  long receiveCredit = Wire.FIRST_CREDIT;

  /** Body that waits for credit, and how the message ends once it has left. */
  final Deque<ByteBuf> queue = new ArrayDeque<>();

  int queuedBytes;
  boolean endQueued;
  @Nullable List<Pair> queuedTrailers;

  MuxStream(int id) {
    this.id = id;
  }

  boolean isOver() {
    return !receives && !sends;
  }

  void release() {
    queue.forEach(ByteBuf::release);
    queue.clear();
    queuedBytes = 0;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(id);
    out.writeBoolean(receives);
    out.writeBoolean(sends);
    out.writeBoolean(headSeen);
    out.writeLong(sendCredit);
    out.writeLong(receiveCredit);
    out.writeInt(queuedBytes);
    for (ByteBuf waiting : queue) {
      out.write(ByteBufUtil.getBytes(waiting));
    }
    out.writeBoolean(endQueued);
    List<Pair> trailers = queuedTrailers;
    out.writeInt(trailers == null ? -1 : trailers.size());
    for (Pair pair : trailers == null ? List.<Pair>of() : trailers) {
      HeadBlock.writeText(out, pair.name());
      HeadBlock.writeText(out, pair.value());
    }
  }

  static MuxStream readFrom(DataInputStream in, ByteBufAllocator alloc) throws IOException {
    MuxStream stream = new MuxStream(in.readInt());
    stream.receives = in.readBoolean();
    stream.sends = in.readBoolean();
    stream.headSeen = in.readBoolean();
    stream.sendCredit = in.readLong();
    stream.receiveCredit = in.readLong();
    stream.queuedBytes = in.readInt();
    if (stream.queuedBytes > 0) {
      byte[] waiting = in.readNBytes(stream.queuedBytes);
      stream.queue.add(alloc.buffer(waiting.length).writeBytes(waiting));
    }
    stream.endQueued = in.readBoolean();
    int trailers = in.readInt();
    if (trailers >= 0) {
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < trailers; i++) {
        pairs.add(new Pair(HeadBlock.readText(in), HeadBlock.readText(in)));
      }
      stream.queuedTrailers = pairs;
    }
    return stream;
  }
}
