package dev.osprey.host.rehearsal;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One stream from the client through to the upstream. */
final class Pipe {
  /** The upstream stream of a pipe that has none. */
  static final int NONE = -1;

  final int server;
  final @Nullable RequestHead head;
  final boolean headOnly;
  final Deque<Part> up = new ArrayDeque<>(1);
  final Deque<Part> down = new ArrayDeque<>(1);
  int client = NONE;
  boolean responding;
  boolean requestEnded;
  boolean responseEnded;

  Pipe(int server, @Nullable RequestHead head, boolean headOnly) {
    this.server = server;
    this.head = head;
    this.headOnly = headOnly;
    this.requestEnded = headOnly;
  }

  /** A piece that waits until it can be written: data, or trailers. */
  record Part(@Nullable ByteBuf data, @Nullable Fields trailers, boolean end) {
    static Part of(ByteBuf data, boolean end) {
      return new Part(data, null, end);
    }

    static Part of(Fields trailers) {
      Fields copy = new Fields();
      for (int i = 0; i < trailers.size(); i++) {
        copy.add(trailers.name(i), trailers.value(i));
      }
      return new Part(null, copy, true);
    }

    void release() {
      if (data != null) {
        data.release();
      }
    }
  }

  void release() {
    up.forEach(Part::release);
    down.forEach(Part::release);
    up.clear();
    down.clear();
  }
}
