package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What a request must look like, and what becomes of it. */
final class Route {
  private final PathMatch path;
  private final HeaderMatch[] headers;
  private final Action action;
  private final boolean takesAsterisk;
  private final @Nullable MaxDuration maxDuration;

  Route(PathMatch path, HeaderMatch[] headers, Action action, @Nullable MaxDuration maxDuration) {
    this.maxDuration = maxDuration;
    this.path = path;
    this.headers = headers;
    this.action = action;
    this.takesAsterisk = path.isCatchAll() && action.keepsPath();
  }

  /** The path without its query lies between {@code start} and {@code end}. */
  boolean fits(RequestHead head, byte[] bytes, int start, int end) {
    if (!path.fits(bytes, start, end) && !(takesAsterisk && isAsterisk(bytes, start, end))) {
      return false;
    }
    for (HeaderMatch header : headers) {
      if (!header.fits(head)) {
        return false;
      }
    }
    return true;
  }

  /** {@code OPTIONS *} asks about the server as a whole (RFC 9112, 3.2.4): no path to compare. */
  private static boolean isAsterisk(byte[] bytes, int start, int end) {
    return end - start == 1 && bytes[start] == '*';
  }

  /** What the path must be. */
  PathMatch path() {
    return path;
  }

  /**
   * True when no request that comes here can reach {@code later}, whose path is of the same kind
   * and, but for case, of the same text.
   */
  boolean hides(Route later) {
    return headers.length == 0
        && (takesAsterisk || !later.takesAsterisk)
        && (!path.caseSensitive() || (later.path.caseSensitive() && path.isLike(later.path)));
  }

  Action action() {
    return action;
  }

  /** Adds how long the streams of its decisions may take, where that is bounded. */
  void addDurations(IdentityHashMap<RouteDecision, MaxDuration> durations) {
    MaxDuration bound = maxDuration;
    if (bound != null) {
      action.decisions().forEach(decision -> durations.put(decision, bound));
    }
  }

  /** Makes a head that this route may fit. */
  void rehearse(RequestHead head) {
    head.path(path.sample());
    for (HeaderMatch header : headers) {
      header.rehearse(head);
    }
  }
}
