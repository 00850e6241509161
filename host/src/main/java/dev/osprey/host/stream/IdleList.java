package dev.osprey.host.stream;

import org.jspecify.annotations.Nullable;

/**
 * The connections of a pool that can take a stream, the next to be used first. Each may leave from
 * anywhere at the same cost: thousands may time out together.
 */
@SuppressWarnings("ReferenceEquality") // the very same connection is meant
final class IdleList {
  private @Nullable Upstream first;
  private @Nullable Upstream last;
  private int size;

  /** A connection's neighbours; it is in one list at most. */
  static final class Place {
    private @Nullable Upstream before;
    private @Nullable Upstream after;
    private boolean taken;

    /** True while its connection is in the list. */
    boolean isTaken() {
      return taken;
    }
  }

  int size() {
    return size;
  }

  /** The next to be used; null for none. */
  @Nullable Upstream first() {
    return first;
  }

  /** The one that others would be used before; null for none. */
  @Nullable Upstream last() {
    return last;
  }

  void addFirst(Upstream connection) {
    Upstream former = first;
    Place place = take(connection);
    place.after = former;
    first = connection;
    if (former == null) {
      last = connection;
    } else {
      former.idlePlace().before = connection;
    }
  }

  void addLast(Upstream connection) {
    Upstream former = last;
    Place place = take(connection);
    place.before = former;
    last = connection;
    if (former == null) {
      first = connection;
    } else {
      former.idlePlace().after = connection;
    }
  }

  private Place take(Upstream connection) {
    Place place = connection.idlePlace();
    place.taken = true;
    size++;
    return place;
  }

  /** Takes a connection out, if it is in. */
  void remove(Upstream connection) {
    Place place = connection.idlePlace();
    if (!place.taken) {
      return;
    }
    Upstream before = place.before;
    Upstream after = place.after;
    if (before == null) {
      first = after;
    } else {
      before.idlePlace().after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.idlePlace().before = before;
    }
    place.before = null;
    place.after = null;
    place.taken = false;
    size--;
  }
}
