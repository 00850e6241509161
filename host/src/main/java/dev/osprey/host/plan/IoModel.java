package dev.osprey.host.plan;

import java.util.Locale;

/** How the bytes of a listener's connections are moved, and those of the upstreams they use. */
public enum IoModel {
  /** Event loops on epoll, each owning its connections. */
  REACTOR,
  /** A virtual thread for each connection, blocking in its socket. */
  THREAD;

  /** As it is written in the configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
