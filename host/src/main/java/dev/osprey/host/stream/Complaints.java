package dev.osprey.host.stream;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Loop;
import dev.osprey.spi.message.Reset;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that peers broke their protocol's rules or a bound: once for each connection, a few lines a
 * second on each strand, so that whoever sends nonsense can't fill the disk. Runs on its strand.
 */
final class Complaints {
  private static final Logger LOG = LoggerFactory.getLogger("dev.osprey.peers");
  private static final int LINES_PER_SECOND = 20;
  private static final long SECOND = 1_000_000_000L;

  private final Loop loop;
  private long since;
  private int lines;
  private long leftOut;

  Complaints(Loop loop) {
    this.loop = loop;
    this.since = loop.now() - SECOND;
  }

  /** True when the peer on that side of a connection is to blame for it. */
  static boolean isDue(Reset why, Reset.Source peer) {
    return why.source() == peer
        && (why.reason() == Reset.Reason.PROTOCOL_ERROR || why.reason() == Reset.Reason.OVERFLOW);
  }

  /**
   * Says what was wrong.
   *
   * @param kind {@code client} or {@code upstream}
   * @param owner the listener or cluster that the connection belongs to
   * @return true, for the connection to remember that it was said
   */
  boolean about(String kind, String owner, SocketAddress peer, long connection, String detail) {
    long now = loop.now();
    if (now - since >= SECOND) {
      since = now;
      lines = 0;
    }
    if (++lines > LINES_PER_SECOND) {
      leftOut++;
    } else if (leftOut > 0) {
      LOG.warn(
          "{} {} of {}, connection {}: {} (as did others, {} lines left out)",
          kind,
          AddressText.of(peer),
          owner,
          connection,
          detail,
          leftOut);
      leftOut = 0;
    } else {
      LOG.warn(
          "{} {} of {}, connection {}: {}", kind, AddressText.of(peer), owner, connection, detail);
    }
    return true;
  }
}
