package dev.osprey.codec.http2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of a connection by their numbers. Numbers are every second one and mostly close
 * together, so half a number is a hash without collisions.
 */
final class StreamTable {
  private static final int FIRST_SLOTS = 16;

  private @Nullable Stream[] slots = new Stream[FIRST_SLOTS];
  private int size;

  @Nullable Stream get(int id) {
    @Nullable Stream[] all = slots;
    int mask = all.length - 1;
    for (int i = (id >>> 1) & mask; ; i = (i + 1) & mask) {
      Stream stream = all[i];
      if (stream == null || stream.id == id) {
        return stream;
      }
    }
  }

  int size() {
    return size;
  }

  void put(Stream stream) {
    if (size * 2 >= slots.length) {
      @Nullable Stream[] old = slots;
      slots = new Stream[old.length * 2];
      for (Stream moved : old) {
        if (moved != null) {
          insert(moved);
        }
      }
    }
    insert(stream);
    size++;
  }

  private void insert(Stream stream) {
    int mask = slots.length - 1;
    int i = (stream.id >>> 1) & mask;
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = stream;
  }

  /** Removes a stream; does nothing when it is not in the table. */
  void remove(Stream stream) {
    int mask = slots.length - 1;
    int hole = (stream.id >>> 1) & mask;
    while (!isAt(stream, hole)) {
      if (slots[hole] == null) {
        return;
      }
      hole = (hole + 1) & mask;
    }
    size--;
    // Those behind move up, unless that would bring them before the place they hash to.
    int i = hole;
    while (true) {
      i = (i + 1) & mask;
      Stream next = slots[i];
      if (next == null) {
        break;
      }
      int wanted = (next.id >>> 1) & mask;
      if (((i - wanted) & mask) >= ((i - hole) & mask)) {
        slots[hole] = next;
        hole = i;
      }
    }
    slots[hole] = null;
  }

  @SuppressWarnings("ReferenceEquality") // the very same stream is meant
  private boolean isAt(Stream stream, int slot) {
    return slots[slot] == stream;
  }

  /** All open streams in the order of their numbers, as a copy. */
  List<Stream> all() {
    List<Stream> all = new ArrayList<>(size);
    for (Stream stream : slots) {
      if (stream != null) {
        all.add(stream);
      }
    }
    all.sort(Comparator.comparingInt(stream -> stream.id));
    return all;
  }

  /** Empties it, and gives back what many streams took. */
  void clear() {
    if (slots.length > FIRST_SLOTS) {
      slots = new Stream[FIRST_SLOTS];
    } else {
      Arrays.fill(slots, null);
    }
    size = 0;
  }
}
