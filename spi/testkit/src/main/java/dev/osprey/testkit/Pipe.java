package dev.osprey.testkit;

import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a relayed stream: keeps body while the codec it goes to is not writable, and
 * gives credit to the one it came from once it has left.
 */
final class Pipe {
  private final Leg from;
  private final int fromStream;
  private final Leg to;
  private final int toStream;
  private final Deque<ByteBuf> waiting = new ArrayDeque<>();
  private boolean ended;
  private @Nullable Fields trailers;

  Pipe(Leg from, int fromStream, Leg to, int toStream) {
    this.from = from;
    this.fromStream = fromStream;
    this.to = to;
    this.toStream = toStream;
  }

  void data(@Owned ByteBuf data, boolean end) {
    waiting.add(data);
    ended |= end;
    drain();
  }

  /** Keeps a copy, since trailers are lent for the call only. */
  void trailers(Fields lent) {
    Fields copy = new Fields();
    for (int i = 0; i < lent.size(); i++) {
      copy.add(lent.name(i), lent.value(i));
      copy.tag(i, lent.tag(i));
    }
    trailers = copy;
    drain();
  }

  /** Sends what may be sent. */
  void drain() {
    while (!waiting.isEmpty() && to.isWritable(toStream)) {
      ByteBuf data = waiting.remove();
      int bytes = data.readableBytes();
      to.data(toStream, data, ended && waiting.isEmpty());
      if (bytes > 0) {
        from.credit(fromStream, bytes);
      }
    }
    Fields last = trailers;
    if (waiting.isEmpty() && last != null) {
      trailers = null;
      to.trailers(toStream, last);
    }
  }

  void release() {
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    trailers = null;
  }
}
