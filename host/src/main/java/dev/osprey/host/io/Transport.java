package dev.osprey.host.io;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What event loops wait with: a wish, which falls back to the next where it can't be had. */
public enum Transport {
  /** Linux's io_uring. */
  IO_URING,
  /** Linux's epoll. */
  EPOLL,
  /** Java's own. */
  NIO;

  /** The transport of that name, as it is written in settings. */
  public static Optional<Transport> of(String label) {
    return Stream.of(values()).filter(one -> one.label().equals(label)).findFirst();
  }

  /** As it is written in settings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
