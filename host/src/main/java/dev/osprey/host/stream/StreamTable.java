package dev.osprey.host.stream;

import dev.osprey.host.loop.Wheel;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open exchanges of a connection by stream number; free of maps while there is only one. */
final class StreamTable {
  private int onlyStream;
  private @Nullable Exchange only;
  private @Nullable IntObjectHashMap<Exchange> more;

  @Nullable Exchange get(int stream) {
    if (only != null && onlyStream == stream) {
      return only;
    }
    return more == null ? null : more.get(stream);
  }

  void put(int stream, Exchange exchange) {
    if (only == null && (more == null || more.isEmpty())) {
      onlyStream = stream;
      only = exchange;
      return;
    }
    if (more == null) {
      more = new IntObjectHashMap<>();
    }
    more.put(stream, exchange);
  }

  void remove(int stream) {
    if (only != null && onlyStream == stream) {
      only = null;
    } else if (more != null) {
      more.remove(stream);
    }
  }

  int size() {
    return (only == null ? 0 : 1) + (more == null ? 0 : more.size());
  }

  boolean isEmpty() {
    return only == null && (more == null || more.isEmpty());
  }

  /** Empties the table and visits what was in it. */
  void drain(Consumer<Exchange> visitor) {
    List<Exchange> all = new ArrayList<>();
    forEach(all::add);
    only = null;
    more = null;
    all.forEach(visitor);
  }

  /** One of those that are open; null when there is none. */
  @Nullable Exchange any() {
    if (only != null || more == null || more.isEmpty()) {
      return only;
    }
    return more.values().iterator().next();
  }

  /** The first time at which one of them has taken too long. */
  long deadline() {
    long next = only == null ? Wheel.Expiry.NEVER : only.deadline();
    if (more != null) {
      for (Exchange exchange : more.values()) {
        next = Math.min(next, exchange.deadline());
      }
    }
    return next;
  }

  /** Visits all that are open now; they may end meanwhile. */
  void forEach(Consumer<Exchange> visitor) {
    if (more == null || more.isEmpty()) {
      if (only != null) {
        visitor.accept(only);
      }
      return;
    }
    List<Exchange> all = new ArrayList<>(more.values());
    if (only != null) {
      all.add(only);
    }
    all.forEach(visitor);
  }
}
