package dev.osprey.host.shard;

import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket that was just accepted: the body of its thread, which becomes its reader. */
public final class Accepted implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Accepted.class);

  private final Shard shard;
  private final SocketChannel channel;
  private final String name;
  private final Greeting greeting;
  private @Nullable BlockingConduit conduit;

  /** Says what becomes of an accepted socket. */
  public interface Greeting {
    /**
     * Makes the connection, inside the strand, or does not.
     *
     * @param wire makes the wire, given the limit of its queued output in bytes and its owner
     */
    void greet(IntFunction<Function<WireOwner, Wire>> wire);
  }

  /**
   * An accepted socket.
   *
   * @param shard where it is going to live
   * @param name of its thread
   */
  public Accepted(Shard shard, SocketChannel channel, String name, Greeting greeting) {
    this.shard = shard;
    this.channel = channel;
    this.name = name;
    this.greeting = greeting;
  }

  @Override
  public void run() {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (begin(SocketEnds.of(channel)) && conduit != null) {
        new Reader(conduit).run();
      }
    } catch (IOException gone) {
      LOG.debug("an accepted socket was gone at once: {}", gone.getMessage());
    }
  }

  /** Greets; false when nothing came of it. */
  private boolean begin(SocketEnds ends) throws IOException {
    boolean greeted = false;
    shard.enter();
    try {
      greeting.greet(limit -> owner -> wire(ends, limit, owner));
      greeted = conduit != null;
    } finally {
      shard.leave();
      if (!greeted) {
        channel.close();
      }
    }
    return greeted;
  }

  private Wire wire(SocketEnds ends, int limit, WireOwner owner) {
    BlockingConduit made = new BlockingConduit(shard, channel, ends, name, limit, owner);
    conduit = made;
    return made.wire();
  }
}
