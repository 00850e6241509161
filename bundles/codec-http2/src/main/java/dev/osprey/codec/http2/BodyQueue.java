package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Body bytes that wait, in few buffers: small parts, and those that would keep a much larger buffer
 * alive, are copied together. So what is held is in proportion to the bytes, however they are cut.
 */
final class BodyQueue {
  /** Parts below this size are copied. */
  static final int SMALL = 1024;

  /** So are those below this share of the buffer that they are cut from. */
  private static final int LEAST_SHARE = 4;

  private static final int FIRST_TAIL = 128;
  private static final int LARGEST_TAIL = 16 * 1024;

  private @Nullable ArrayDeque<ByteBuf> parts;
  private @Nullable ByteBuf tail;
  private int bytes;

  /** How many bytes wait. */
  int bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  /** How many buffers they are in. */
  int count() {
    return parts == null ? 0 : parts.size();
  }

  /** Takes bytes to the end. */
  void add(@Owned ByteBuf data, ByteBufAllocator alloc) {
    if (data.isReadable() && !isCostly(data)) {
      tail = null;
      append(data);
      return;
    }
    if (data.isReadable()) {
      copy(data, alloc);
    }
    data.release();
  }

  private void append(ByteBuf part) {
    ArrayDeque<ByteBuf> queue = parts;
    if (queue == null) {
      parts = queue = new ArrayDeque<>(4);
    }
    bytes += part.readableBytes();
    queue.add(part);
  }

  private void copy(ByteBuf data, ByteBufAllocator alloc) {
    int length = data.readableBytes();
    ByteBuf last = tail;
    // One of which a slice is on its way must not move.
    if (last != null && last.refCnt() == 1 && last.maxWritableBytes() >= length) {
      last.writeBytes(data);
      bytes += length;
    } else {
      int first = Math.max(FIRST_TAIL, length);
      tail = last = alloc.buffer(first, Math.max(LARGEST_TAIL, length));
      append(last.writeBytes(data));
    }
  }

  /** True for bytes that cost much more than they are, as they stand. */
  private static boolean isCostly(ByteBuf data) {
    ByteBuf root = data;
    for (ByteBuf next = data.unwrap(); next != null; next = next.unwrap()) {
      root = next;
    }
    int length = data.readableBytes();
    return length < SMALL || length < root.capacity() / LEAST_SHARE;
  }

  /** The same bytes, in a buffer of their own if they are costly as they stand. */
  static @Owned ByteBuf compact(@Owned ByteBuf data, ByteBufAllocator alloc) {
    if (!data.isReadable() || !isCostly(data)) {
      return data;
    }
    int length = data.readableBytes();
    ByteBuf copy = alloc.buffer(length, length).writeBytes(data);
    data.release();
    return copy;
  }

  /** The first bytes, from one buffer and at most {@code most}; there must be some. */
  @Owned
  ByteBuf remove(int most) {
    ArrayDeque<ByteBuf> queue = parts;
    if (queue == null) {
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf next = queue.element();
    int length = next.readableBytes();
    bytes -= Math.min(most, length);
    if (length > most) {
      return next.readRetainedSlice(most);
    }
    queue.remove();
    if (queue.isEmpty()) {
      tail = null;
      parts = null;
    }
    return next;
  }

  /** Drops all of it. */
  void clear() {
    ArrayDeque<ByteBuf> queue = parts;
    parts = null;
    tail = null;
    bytes = 0;
    if (queue != null) {
      queue.forEach(ByteBuf::release);
    }
  }

  /**
   * Leaves the buffers to the next instance; what can't be left is written into the record, for
   * which it is copied once.
   */
  void save(StateWriter record, CodecHost host) {
    record.number(leave(host));
    record.string(bytes, this::copyTo);
  }

  private int leave(CodecHost host) {
    ArrayDeque<ByteBuf> queue = parts;
    int left = 0;
    while (queue != null && !queue.isEmpty()) {
      ByteBuf next = queue.element();
      int length = next.readableBytes();
      if (!host.leave(next)) {
        break;
      }
      queue.remove();
      bytes -= length;
      left++;
    }
    return left;
  }

  private void copyTo(byte[] array, int start) {
    int at = start;
    ArrayDeque<ByteBuf> queue = parts;
    if (queue != null) {
      for (ByteBuf part : queue) {
        int length = part.readableBytes();
        part.getBytes(part.readerIndex(), array, at, length);
        at += length;
      }
    }
  }

  /** Goes on with what was left, and from a record, in whose array large parts stay. */
  void restore(StateReader record, CodecHost host) {
    for (int left = record.integer(); left > 0; left--) {
      append(Objects.requireNonNull(host.takeLeft(), "a buffer that was left"));
    }
    ByteBuf saved = Unpooled.wrappedBuffer(record.view());
    if (saved.readableBytes() < SMALL) {
      add(saved, host.alloc());
    } else {
      append(saved);
    }
  }
}
