package dev.osprey.host.shard;

import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one socket, filled inside the strand and emptied outside by one writer
 * at a time. Thread-safe; its lock is held for a few assignments only.
 */
final class Outbox {
  private static final int MOST_BUFFERS = 64;

  private final int limit;
  private int high;
  private int low;
  // Made with the first bytes and given up when they have left: at rest there is nothing.
  private @Nullable ArrayDeque<ByteBuf> queue;
  private long queued;
  private Ending ending = Ending.NONE;
  private Ending due = Ending.NONE;
  private boolean writing;
  private boolean dropped;
  private volatile boolean full;

  /** What happens when all has left. */
  enum Ending {
    /** Nothing. */
    NONE,
    /** Our direction ends. */
    SHUT_DOWN,
    /** The socket is closed. */
    CLOSE
  }

  /**
   * An empty outbox.
   *
   * @param limit bytes above which it is full, until half of them are left
   */
  Outbox(int limit) {
    this.limit = limit;
    this.high = limit;
    this.low = Math.max(1, limit / 2);
  }

  /** Lowers the limit to so many bytes, or gives it its own again; from the next bytes on. */
  synchronized void room(int bytes) {
    high = Math.min(limit, bytes);
    low = Math.max(1, high / 2);
  }

  /** False from the moment when more than the limit is queued until half of it is. */
  boolean isWritable() {
    return !full;
  }

  synchronized long queuedBytes() {
    return queued;
  }

  synchronized void add(@Owned ByteBuf data) {
    if (dropped) {
      data.release();
      return;
    }
    ArrayDeque<ByteBuf> waiting = queue;
    if (waiting == null) {
      queue = waiting = new ArrayDeque<>(2);
    }
    waiting.add(data);
    queued += data.readableBytes();
    if (queued > high) {
      full = true;
    }
  }

  /** Sets what happens when all has left; the stronger wish counts. */
  synchronized void end(Ending wish) {
    if (wish.compareTo(ending) > 0) {
      ending = wish;
    }
  }

  /** Makes the caller the writer, unless there is one or nothing to do. */
  synchronized boolean claim() {
    if (writing || dropped || (queue == null && ending == Ending.NONE)) {
      return false;
    }
    writing = true;
    return true;
  }

  /**
   * What the writer has to write next. Null when nothing is left: then {@link #due} says what to
   * do, and if that is nothing the caller is the writer no more.
   */
  synchronized ByteBuffer @Nullable [] next() {
    ArrayDeque<ByteBuf> waiting = queue;
    due = Ending.NONE;
    if (dropped) {
      abandon();
      return null;
    }
    if (waiting != null) {
      return views(waiting);
    }
    if (ending == Ending.NONE) {
      writing = false;
    } else {
      due = ending;
      ending = Ending.NONE;
    }
    return null;
  }

  /** What the writer has to do now that all has left. */
  synchronized Ending due() {
    return due;
  }

  private static ByteBuffer[] views(ArrayDeque<ByteBuf> waiting) {
    ByteBuf first = waiting.getFirst();
    if (waiting.size() == 1 && first.nioBufferCount() == 1) {
      return new ByteBuffer[] {first.nioBuffer()};
    }
    List<ByteBuffer> views = new ArrayList<>();
    for (ByteBuf data : waiting) {
      Collections.addAll(views, data.nioBuffers());
      if (views.size() >= MOST_BUFFERS) {
        break;
      }
    }
    return views.toArray(ByteBuffer[]::new);
  }

  /**
   * So many bytes have left.
   *
   * @return true when the outbox was full and is so no more
   */
  synchronized boolean sent(long bytes) {
    queued -= bytes;
    ArrayDeque<ByteBuf> waiting = queue;
    long left = bytes;
    while (waiting != null && !waiting.isEmpty()) {
      ByteBuf data = waiting.getFirst();
      int length = data.readableBytes();
      if (length > left) {
        data.skipBytes((int) left);
        break;
      }
      left -= length;
      waiting.removeFirst();
      data.release();
    }
    if (waiting != null && waiting.isEmpty()) {
      queue = null;
    }
    boolean drained = full && queued <= low;
    if (drained) {
      full = false;
    }
    return drained;
  }

  /** Nothing of it will be sent; a writer that is at work lets the rest go itself. */
  synchronized void drop() {
    dropped = true;
    if (!writing) {
      abandon();
    }
  }

  /** The writer gives up, for the socket failed. */
  synchronized void fail() {
    dropped = true;
    abandon();
  }

  private void abandon() {
    writing = false;
    due = Ending.NONE;
    queued = 0;
    ArrayDeque<ByteBuf> rest = queue;
    queue = null;
    if (rest != null) {
      rest.forEach(ByteBuf::release);
    }
  }
}
