package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import org.jspecify.annotations.Nullable;

/** The dynamic table of a decoder (RFC 7541 sections 2.3.2 and 4). */
final class DecoderTable {
  /** What every decoder begins with (RFC 9113 section 6.5.2). */
  static final int FIRST_CAPACITY = 4096;

  private final int limit;
  private boolean agreed;
  private @Nullable TableEntry[] ring = new TableEntry[16];
  private int newest;
  private int count;
  private int size;
  private int capacity;

  /**
   * An empty table.
   *
   * @param limit the capacity that is announced to the peer, in bytes as RFC 7541 counts them;
   *     until it has acknowledged that, it may take the usual one for granted
   */
  DecoderTable(int limit) {
    this.limit = limit;
    // Until the encoder says otherwise: it has not read our settings when it begins.
    this.capacity = FIRST_CAPACITY;
  }

  /** The entry with this index of the dynamic part, 0 for the newest; null when there is none. */
  @Nullable TableEntry get(int index) {
    return index >= 0 && index < count ? ring[(newest - index) & (ring.length - 1)] : null;
  }

  /** How many entries there are. */
  int count() {
    return count;
  }

  /** How many bytes the entries take, as RFC 7541 counts them. */
  int size() {
    return size;
  }

  /** How many they may take now. */
  int capacity() {
    return capacity;
  }

  /** Adds an entry; older ones give way, and one that is larger than the table empties it. */
  void add(TableEntry entry) {
    evict(capacity - entry.size());
    if (entry.size() > capacity) {
      return;
    }
    if (count == ring.length) {
      grow();
    }
    newest = (newest + 1) & (ring.length - 1);
    ring[newest] = entry;
    count++;
    size += entry.size();
  }

  /** True when a field of so many bytes finds no room; then the table is empty, as it must be. */
  boolean isTooSmall(int bytes) {
    boolean tooSmall = bytes + TableEntry.OVERHEAD > capacity;
    if (tooSmall) {
      evict(0);
    }
    return tooSmall;
  }

  /** Takes the encoder's size update; false when it is above what was announced. */
  boolean resize(int wanted) {
    if (wanted > (agreed ? limit : Math.max(limit, FIRST_CAPACITY))) {
      return false;
    }
    capacity = wanted;
    evict(wanted);
    return true;
  }

  /** The peer has acknowledged the limit. */
  void agree() {
    agreed = true;
  }

  /** True when the encoder must say first that it keeps the limit (RFC 9113 section 4.3.1). */
  boolean isAboveLimit() {
    return agreed && capacity > limit;
  }

  private void evict(int room) {
    while (count > 0 && size > room) {
      int oldest = (newest - count + 1) & (ring.length - 1);
      TableEntry gone = ring[oldest];
      ring[oldest] = null;
      count--;
      size -= gone == null ? 0 : gone.size();
    }
  }

  private void grow() {
    @Nullable TableEntry[] larger = new TableEntry[ring.length * 2];
    for (int i = 0; i < count; i++) {
      larger[count - 1 - i] = get(i);
    }
    ring = larger;
    newest = count - 1;
  }

  /** Writes the table into a record, oldest first. */
  void save(StateWriter record) {
    record.flag(agreed).number(capacity).number(count);
    for (int i = count - 1; i >= 0; i--) {
      TableEntry entry = get(i);
      if (entry != null) {
        record.number(entry.nameLength()).string(entry.bytes());
      }
    }
  }

  /**
   * Goes on from a record. What the names mean and whether the entries keep the rules is decided
   * anew: this version may know better than the one that wrote them.
   */
  void restore(StateReader record) {
    agreed = record.flag();
    capacity = record.integer();
    int entries = record.integer();
    for (int i = 0; i < entries; i++) {
      int nameLength = record.integer();
      byte[] bytes = record.string();
      add(FieldRules.entry(bytes, nameLength));
    }
  }
}
