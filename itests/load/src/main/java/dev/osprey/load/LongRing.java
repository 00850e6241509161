package dev.osprey.load;

import java.util.Arrays;

/** A first-in-first-out queue of longs that allocates only when it grows. */
final class LongRing {
  private long[] values = new long[8];
  private int first;
  private int size;

  int size() {
    return size;
  }

  void add(long value) {
    if (size == values.length) {
      grow();
    }
    values[(first + size) & (values.length - 1)] = value;
    size++;
  }

  long peek() {
    return values[first];
  }

  long remove() {
    long value = values[first];
    first = (first + 1) & (values.length - 1);
    size--;
    return value;
  }

  void clear() {
    first = 0;
    size = 0;
  }

  private void grow() {
    long[] larger = Arrays.copyOf(values, values.length * 2);
    int wrapped = first + size - values.length;
    System.arraycopy(values, 0, larger, values.length, Math.max(0, wrapped));
    values = larger;
  }
}
