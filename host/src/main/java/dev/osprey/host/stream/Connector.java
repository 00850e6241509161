package dev.osprey.host.stream;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Makes connections to upstreams; what differs between transports stands behind it. */
public interface Connector {
  /**
   * Starts to connect, on the loop.
   *
   * @param bufferLimit queued output at which the wire is no longer writable, in bytes
   * @param outcome is told once, on the loop
   */
  void connect(
      Loop loop,
      InetSocketAddress endpoint,
      Duration timeout,
      int bufferLimit,
      WireOwner owner,
      Outcome outcome);

  /** A timeout as sockets take it, in milliseconds: 0 would be none at all. */
  static int millis(Duration timeout) {
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** What became of an attempt. */
  interface Outcome {
    /** The wire is there; nothing was read from it yet. */
    void connected(Wire wire);

    /** No connection; a line about why. */
    void failed(String why);
  }
}
