package dev.osprey.host.loop;

import dev.osprey.spi.message.Reset;

/** Who is told what happens on a wire. All calls are on the loop. */
public interface WireOwner {
  /** Bytes have come; they are in {@link Wire#unread}. */
  void bytes();

  /** The peer sends no more; called once, after the last {@link #bytes}. */
  void inputEnded();

  /** Queued output has sunk to half of the limit. */
  void writable();

  /** The wire is gone; called once. */
  void closed(Reset why);
}
