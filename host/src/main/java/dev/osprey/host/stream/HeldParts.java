package dev.osprey.host.stream;

import dev.osprey.host.stream.FilterFlow.Part;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What of a message came while a filter held it, in order. */
final class HeldParts {
  private final Deque<Item> items = new ArrayDeque<>();
  private final BodyTail tail = new BodyTail();

  /** A head, trailers, or as much of the body as came in small pieces; data is owned. */
  record Item(Part part, ByteBuf data, @Nullable Fields trailers, boolean end) {}

  /** Keeps a head or trailers; they are copied. */
  void add(Part part, @Nullable Fields fields, boolean end) {
    tail.forget();
    items.add(
        new Item(part, Unpooled.EMPTY_BUFFER, fields == null ? null : Heads.copy(fields), end));
  }

  /** Keeps a piece of the body. */
  void addData(@Owned ByteBuf bytes, boolean end) {
    if (!bytes.isReadable() && !end) {
      bytes.release();
    } else if (tail.appends(bytes)) {
      bytes.release();
      if (end) {
        Item last = items.removeLast();
        items.add(new Item(Part.DATA, last.data, null, true));
      }
    } else {
      items.add(new Item(Part.DATA, tail.piece(bytes), null, end));
    }
  }

  /** The next one, whose data is the caller's; null for none. */
  @Nullable Item poll() {
    Item next = items.poll();
    if (items.isEmpty()) {
      tail.forget();
    }
    return next;
  }

  /** Drops all. */
  void release() {
    tail.forget();
    items.forEach(item -> item.data.release());
    items.clear();
  }
}
