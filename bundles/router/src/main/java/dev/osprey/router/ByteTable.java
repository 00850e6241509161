package dev.osprey.router;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash table whose keys are lower-case bytes, asked with a part of an array and its
 * hash. The hash of a part is a polynomial, so it grows byte by byte at either end.
 *
 * @param <T> what the keys lead to
 */
final class ByteTable<T> {
  /** The hash of nothing. */
  static final int EMPTY = 0;

  private static final int BASE = 0x01000193;

  private final byte[] @Nullable [] keys;
  private final @Nullable Object[] values;
  private final boolean[] lengths;
  private final int mask;

  /** A table of these keys, whose characters are bytes; letters of ASCII are in lower case. */
  ByteTable(Map<String, T> entries) {
    int room = Integer.highestOneBit(Math.max(1, entries.size()) * 4);
    this.keys = new byte[room][];
    this.values = new Object[room];
    this.mask = room - 1;
    int longest = entries.keySet().stream().mapToInt(String::length).max().orElse(0);
    this.lengths = new boolean[longest + 1];
    entries.forEach(this::put);
  }

  private void put(String text, T value) {
    byte[] key = text.getBytes(StandardCharsets.ISO_8859_1);
    int hash = EMPTY;
    for (byte b : key) {
      hash = append(hash, b);
    }
    int slot = slot(hash);
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
    lengths[key.length] = true;
  }

  /** The hash of a part with {@code b} added at its end. */
  static int append(int hash, byte b) {
    return hash * BASE + Bytes.lower(b);
  }

  /** The hash of a part with {@code b} added before it; {@code power} is BASE to its length. */
  static int prepend(int hash, int power, byte b) {
    return hash + power * Bytes.lower(b);
  }

  /** The next power for {@link #prepend}; the first one is 1. */
  static int nextPower(int power) {
    return power * BASE;
  }

  boolean isEmpty() {
    return longest() == 0;
  }

  /** Length of the longest key; 0 when there is none. */
  int longest() {
    return lengths.length - 1;
  }

  /** True when a key has this length; at most {@link #longest}. */
  boolean hasLength(int length) {
    return lengths[length];
  }

  /** What the bytes from {@code start} to {@code end}, of that hash, lead to. */
  @SuppressWarnings("unchecked") // put() stores nothing else
  @Nullable T find(byte[] bytes, int start, int end, int hash) {
    int slot = slot(hash);
    for (byte[] key = keys[slot]; key != null; key = keys[slot]) {
      if (key.length == end - start && Bytes.sameWithoutCase(key, bytes, start)) {
        return (T) values[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) & mask;
  }
}
