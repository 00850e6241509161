package dev.osprey.host.shard;

import dev.osprey.host.fence.TaskFence;
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
    boolean begun = false;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      begin(SocketEnds.of(channel));
      begun = conduit != null;
    } catch (IOException gone) {
      LOG.debug("an accepted socket was gone at once: {}", gone.getMessage());
    } finally {
      if (!begun) {
        close();
      }
    }
    if (conduit != null) {
      new Reader(conduit).run();
    }
  }

  private void begin(SocketEnds ends) {
    shard.enter();
    try {
      boolean greeted =
          TaskFence.run(
              "greeting", () -> greeting.greet(limit -> owner -> wire(ends, limit, owner)));
      if (!greeted && conduit != null) {
        // A mistake of ours: the connection must not stay half made.
        conduit.wire().failed("the host has failed");
      }
    } finally {
      shard.leave();
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.debug("closing an accepted socket: {}", failure.getMessage());
    }
  }

  private Wire wire(SocketEnds ends, int limit, WireOwner owner) {
    BlockingConduit made = new BlockingConduit(shard, channel, ends, name, limit, owner);
    conduit = made;
    return made.wire();
  }
}
