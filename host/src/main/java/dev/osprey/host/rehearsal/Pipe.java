package dev.osprey.host.rehearsal;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One stream from the client through to the upstream. */
final class Pipe {
  /** The upstream stream of a pipe that has none. */
  static final int NONE = -1;

  final int server;
  final @Nullable RequestHead head;
  final boolean headOnly;
  final Parts up = new Parts();
  final Parts down = new Parts();
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

  /** Pieces that wait, in order; usually none ever does. */
  static final class Parts {
    private @Nullable Deque<Part> waiting;

    boolean isEmpty() {
      return waiting == null || waiting.isEmpty();
    }

    void add(Part part) {
      Deque<Part> all = waiting;
      if (all == null) {
        waiting = all = new ArrayDeque<>(1);
      }
      all.addLast(part);
    }

    Part next() {
      return Objects.requireNonNull(waiting).removeFirst();
    }

    void release() {
      while (!isEmpty()) {
        next().release();
      }
    }
  }

  void release() {
    up.release();
    down.release();
  }
}
