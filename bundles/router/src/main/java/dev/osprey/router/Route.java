package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;

/** What a request must look like, and what becomes of it. */
final class Route {
  private final PathMatch path;
  private final HeaderMatch[] headers;
  private final Action action;

  Route(PathMatch path, HeaderMatch[] headers, Action action) {
    this.path = path;
    this.headers = headers;
    this.action = action;
  }

  /** The path without its query lies between {@code start} and {@code end}. */
  boolean fits(RequestHead head, byte[] bytes, int start, int end) {
    if (!path.fits(bytes, start, end)) {
      return false;
    }
    for (HeaderMatch header : headers) {
      if (!header.fits(head)) {
        return false;
      }
    }
    return true;
  }

  Action action() {
    return action;
  }

  /** Makes a head that this route may fit. */
  void rehearse(RequestHead head) {
    head.path(path.sample());
    for (HeaderMatch header : headers) {
      header.rehearse(head);
    }
  }
}
