package dev.osprey.load;

import java.io.IOException;

/** What happens on one connection; always called on its loop's thread. */
public interface WireHandler {

  /** The connection stands; called once, before any other event. */
  default void connected(Wire wire) {}

  /**
   * Bytes have arrived.
   *
   * @param bytes lent until this call returns
   */
  void read(Wire wire, byte[] bytes, int from, int length);

  /** All bytes written so far have been handed to the kernel. */
  default void drained(Wire wire) {}

  /** The peer has sent its FIN; nothing more will be read. The default closes this side too. */
  default void ended(Wire wire) {
    wire.close();
  }

  /** The connection broke: refused, reset, or another input/output error. It is closed already. */
  void failed(Wire wire, IOException cause);
}
