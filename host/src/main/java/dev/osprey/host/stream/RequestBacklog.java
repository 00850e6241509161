package dev.osprey.host.stream;

import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a request before its upstream connection was there. Bounded by what the client's
 * codec may report before the pause (or the first credit) takes effect.
 */
final class RequestBacklog {
  private @Nullable Queue<ByteBuf> data;
  private @Nullable Fields trailers;
  private boolean ended;

  void data(@Owned ByteBuf more, boolean end) {
    if (more.isReadable()) {
      Queue<ByteBuf> queue = data;
      if (queue == null) {
        data = queue = new ArrayDeque<>();
      }
      queue.add(more);
    } else {
      more.release();
    }
    ended |= end;
  }

  void trailers(Fields fields) {
    trailers = Heads.copy(fields);
  }

  void drainTo(Upstream upstream, int stream) {
    Queue<ByteBuf> queue = data;
    data = null;
    while (queue != null && !queue.isEmpty()) {
      ByteBuf next = queue.remove();
      upstream.data(stream, next, ended && queue.isEmpty() && trailers == null);
    }
    if (trailers != null) {
      upstream.trailers(stream, trailers);
    } else if (ended && queue == null) {
      upstream.data(stream, Unpooled.EMPTY_BUFFER, true);
    }
    trailers = null;
    ended = false;
  }

  void release() {
    Queue<ByteBuf> queue = data;
    data = null;
    if (queue != null) {
      queue.forEach(ByteBuf::release);
    }
  }
}
