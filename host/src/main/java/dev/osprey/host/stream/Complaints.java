package dev.osprey.host.stream;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.spi.message.Reset;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that peers broke their protocol's rules or a bound: once for each connection, a few lines a
 * second on each strand, so that whoever sends nonsense can't fill the disk. How many lines were
 * left out is said too, within about a second. Runs on its strand.
 */
final class Complaints implements Wheel.Expiry {
  /** How many lines a strand says in a second. */
  static final int LINES_PER_SECOND = 20;

  private static final Logger LOG = LoggerFactory.getLogger("dev.osprey.peers");
  private static final long SECOND = 1_000_000_000L;

  private final Loop loop;
  private final Consumer<String> lines;
  private final Wheel.Timer timer = new Wheel.Timer(this);
  private long since;
  private int said;
  private long leftOut;

  Complaints(Loop loop) {
    this(loop, LOG::warn);
  }

  /** Complaints to be written by {@code lines}. */
  Complaints(Loop loop, Consumer<String> lines) {
    this.loop = loop;
    this.lines = lines;
    this.since = loop.now() - SECOND;
  }

  /** True when the peer on that side of a connection is to blame for the connection's end. */
  static boolean isDue(Reset why, Reset.Source peer) {
    return isDueOfStream(why, peer)
        || (why.source() == peer && why.reason() == Reset.Reason.OVERFLOW);
  }

  /**
   * True when the peer is to blame for the end of one stream. Not for a bound: a peer announces
   * that when it thinks that we went beyond one of its own.
   */
  static boolean isDueOfStream(Reset why, Reset.Source peer) {
    return why.source() == peer && why.reason() == Reset.Reason.PROTOCOL_ERROR;
  }

  /**
   * Says what was wrong, unless too much was said in this second.
   *
   * @param kind {@code client} or {@code upstream}
   * @param owner the listener or cluster that the connection belongs to
   * @return whether it was said, for the connection to remember
   */
  boolean about(String kind, String owner, SocketAddress peer, long connection, String detail) {
    long now = loop.now();
    if (now - since >= SECOND) {
      since = now;
      said = 0;
      sayHowManyWereLeftOut();
    }
    if (said == LINES_PER_SECOND) {
      leftOut++;
      loop.wheel().ensure(timer, since + SECOND, now);
      return false;
    }
    said++;
    lines.accept(
        "%s %s of %s, connection %d: %s"
            .formatted(kind, AddressText.of(peer), owner, connection, detail));
    return true;
  }

  private void sayHowManyWereLeftOut() {
    if (leftOut > 0) {
      lines.accept("%d more complaints about peers were left out".formatted(leftOut));
      leftOut = 0;
    }
  }

  @Override
  public long expired(long now) {
    sayHowManyWereLeftOut();
    return NEVER;
  }
}
