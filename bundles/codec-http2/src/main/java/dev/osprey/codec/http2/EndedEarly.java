package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import java.util.Arrays;

/**
 * The streams that we ended early, not long ago. What was on its way to them is no error and costs
 * its sender nothing, as far as it may have been sent before our reset arrived.
 */
final class EndedEarly {
  private static final int FIRST = 16;

  /** As many frames as fill a usual window. */
  private static final int FREE_FRAMES = 32;

  private final int limit;
  private int[] ids = new int[FIRST];
  private byte[] free = new byte[FIRST];
  private int size;
  private int next;

  /**
   * Remembers none yet.
   *
   * @param limit how many it remembers, the last ones
   */
  EndedEarly(int limit) {
    this.limit = Math.max(limit, FIRST);
  }

  /** Adds a stream. */
  void add(int id) {
    add(id, FREE_FRAMES);
  }

  private void add(int id, int frames) {
    if (size == ids.length && size < limit) {
      ids = Arrays.copyOf(ids, Math.min(limit, size * 2));
      free = Arrays.copyOf(free, ids.length);
      next = size;
    }
    ids[next] = id;
    free[next] = (byte) frames;
    size = Math.max(size, next + 1);
    next = next + 1 == ids.length ? 0 : next + 1;
  }

  /** True when that stream is one of them. */
  boolean contains(int id) {
    return find(id) >= 0;
  }

  /** A late frame came for a stream; true when it was to be expected, false when it is charged. */
  boolean takes(int id) {
    int at = find(id);
    if (at < 0 || free[at] == 0) {
      return false;
    }
    free[at]--;
    return true;
  }

  private int find(int id) {
    for (int i = 0; i < size; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return -1;
  }

  /** Writes them into a record, oldest first. */
  void save(StateWriter record) {
    record.number(size);
    int oldest = size < ids.length ? 0 : next;
    for (int i = 0; i < size; i++) {
      int at = (oldest + i) % ids.length;
      record.number(ids[at]).number(free[at]);
    }
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    int count = record.integer();
    for (int i = 0; i < count; i++) {
      int id = record.integer();
      add(id, record.integer());
    }
  }
}
