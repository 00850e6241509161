package dev.osprey.host.overload;

import org.jspecify.annotations.Nullable;

/** What one strand sees of the overload, between its ticks too. Runs on its strand. */
public final class Watch {
  /** For a strand of its own in a test or a benchmark: there is always enough. */
  public static final Watch NONE = new Watch(null, Integer.MAX_VALUE, () -> {});

  private final @Nullable Overload overload;
  private final int share;
  private final Runnable look;
  private int left;

  Watch(@Nullable Overload overload, int share, Runnable look) {
    this.overload = overload;
    this.share = share;
    this.look = look;
    this.left = share;
  }

  /** A buffer of that size was filled by a read. */
  public void received(int bytes) {
    left -= bytes;
    if (left <= 0) {
      left = share;
      look.run();
    }
  }

  /** Most that one read may bring at the moment. */
  public int readBytes() {
    return overload == null ? Overload.Limits.MOST_READ : overload.readBytes();
  }

  /** The level of the process. */
  public Level level() {
    return overload == null ? Level.NORMAL : overload.level();
  }
}
