package dev.osprey.host.stream;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What may have to be sent of a request, again or for the first time: all that has come before its
 * upstream connection was there, and then, up to 64 KiB, what was sent on one that many share: such
 * a connection's goodbye refuses requests that are under way, and says so (RFC 9113 section 8.7).
 *
 * <p>What waits is bounded by what the client's codec may report before the pause (or the first
 * credit) takes effect.
 */
final class RequestBacklog {
  private static final int MOST_KEPT = 64 * 1024;

  private final BodyTail tail = new BodyTail();
  private @Nullable Queue<ByteBuf> data;
  private @Nullable Fields trailers;
  private int bytes;
  private boolean ended;

  /** Takes more of the body, to be sent later. */
  void data(@Owned ByteBuf more, boolean end) {
    if (more.isReadable()) {
      Queue<ByteBuf> queue = data;
      if (queue == null) {
        data = queue = new ArrayDeque<>();
      }
      bytes += more.readableBytes();
      if (tail.appends(more)) {
        more.release();
      } else {
        queue.add(tail.piece(more));
      }
    } else {
      more.release();
    }
    ended |= end;
  }

  /**
   * Keeps more of the body, which is sent now.
   *
   * @return false when the whole of it can't, or need not, be kept
   */
  boolean keep(Upstream upstream, @Borrowed ByteBuf more, boolean end) {
    boolean keeps = upstream.isMultiplexed() && bytes + more.readableBytes() <= MOST_KEPT;
    if (keeps) {
      data(more.retainedDuplicate(), end);
    }
    return keeps;
  }

  /** Takes the trailers, which end the request. */
  void trailers(Fields fields) {
    trailers = Heads.copy(fields);
  }

  /**
   * Sends all of it.
   *
   * @return false when it is not kept for another time
   */
  boolean sendTo(Upstream upstream, int stream) {
    boolean keeps = upstream.isMultiplexed() && bytes <= MOST_KEPT;
    Queue<ByteBuf> queue = data;
    Fields last = trailers;
    boolean ends = ended && last == null;
    if (queue != null) {
      sendTo(upstream, stream, queue, keeps, ends);
    } else if (ends) {
      upstream.data(stream, Unpooled.EMPTY_BUFFER, true);
    }
    if (last != null) {
      upstream.trailers(stream, last);
    }
    return keeps;
  }

  @SuppressWarnings("ReferenceEquality") // the very queue may be let go meanwhile
  private void sendTo(
      Upstream upstream, int stream, Queue<ByteBuf> queue, boolean keeps, boolean ends) {
    // What comes meanwhile is sent by itself, behind these.
    tail.forget();
    if (!keeps) {
      data = null;
    }
    int left = queue.size();
    for (ByteBuf part : queue.toArray(new ByteBuf[0])) {
      if (keeps && data != queue) {
        return;
      }
      left--;
      upstream.data(stream, keeps ? part.retainedDuplicate() : part, ends && left == 0);
    }
  }

  /** Lets go of it. */
  void release() {
    Queue<ByteBuf> queue = data;
    data = null;
    tail.forget();
    bytes = 0;
    if (queue != null) {
      queue.forEach(ByteBuf::release);
    }
  }
}
