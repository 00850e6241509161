package dev.osprey.host.shard;

import dev.osprey.host.loop.Conduit;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.shard.Outbox.Ending;
import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blocking socket under a wire. One virtual thread reads it; whoever has something to send writes
 * it, one at a time, outside the strand. What the wire asks for comes inside the strand and never
 * blocks.
 */
final class BlockingConduit implements Conduit {
  private static final Logger LOG = LoggerFactory.getLogger(BlockingConduit.class);

  private final Shard shard;
  private final SocketChannel channel;
  private final String name;
  private final Wire wire;
  private final Outbox outbox;
  private final SocketEnds ends;
  private volatile boolean mayRead = true;
  private volatile boolean closed;
  private volatile @Nullable Thread waiting;

  /**
   * For a connected channel in blocking mode; inside the strand.
   *
   * @param name of its reader's thread
   * @param limit queued output at which it is no longer writable, in bytes
   */
  BlockingConduit(
      Shard shard,
      SocketChannel channel,
      SocketEnds ends,
      String name,
      int limit,
      WireOwner owner) {
    this.shard = shard;
    this.channel = channel;
    this.ends = ends;
    this.name = name;
    this.outbox = new Outbox(limit);
    this.wire = new Wire(shard.loop(), this, owner);
    shard.opened();
  }

  Wire wire() {
    return wire;
  }

  Shard shard() {
    return shard;
  }

  SocketChannel channel() {
    return channel;
  }

  String name() {
    return name;
  }

  // ---- reading

  @Override
  public void reading(boolean on) {
    mayRead = on;
    if (on) {
      wake();
    }
  }

  boolean mayRead() {
    return mayRead;
  }

  /**
   * Waits until reading is wanted, at most so long; on the reader's thread, outside the strand.
   *
   * @return false when the socket is closed
   */
  boolean awaitPermission(long mostNanos) {
    if (!mayRead && !closed) {
      waiting = Thread.currentThread();
      long end = System.nanoTime() + mostNanos;
      for (long left = mostNanos; left > 0 && !mayRead && !closed; left = end - System.nanoTime()) {
        LockSupport.parkNanos(this, left);
      }
      waiting = null;
    }
    return !closed;
  }

  private void wake() {
    Thread reader = waiting;
    if (reader != null) {
      LockSupport.unpark(reader);
    }
  }

  // ---- writing

  @Override
  public void write(@Owned ByteBuf data) {
    outbox.add(data);
  }

  @Override
  public void flush() {
    shard.ready(this);
  }

  @Override
  public boolean isWritable() {
    return outbox.isWritable();
  }

  @Override
  public void room(int bytes) {
    outbox.room(bytes);
  }

  @Override
  public long queuedBytes() {
    return outbox.queuedBytes();
  }

  @Override
  public void endOutput() {
    outbox.end(Ending.SHUT_DOWN);
    flush();
  }

  @Override
  public void closeAfterQueue() {
    outbox.end(Ending.CLOSE);
    flush();
  }

  /**
   * Sends what is queued, unless somebody does already. Outside the strand. Should the peer take
   * only a part, a writer of its own sends the rest.
   */
  void send() {
    if (outbox.claim()) {
      write(false);
    }
  }

  /** As {@link #send}, and waits for the peer to take the rest. */
  void sendAll() {
    if (outbox.claim()) {
      write(true);
    }
  }

  /** Sends what is queued, unless somebody does already, on a thread of its own. */
  void startWriter() {
    if (outbox.claim()) {
      continueInWriter();
    }
  }

  private void continueInWriter() {
    boolean started = false;
    try {
      shard.spares().run(name + "-write", () -> write(true));
      started = true;
    } finally {
      if (!started) {
        broken();
      }
    }
  }

  // A mistake of ours, or no memory: nobody would ever send what is queued.
  private void broken() {
    outbox.fail();
    shard.execute(() -> wire.failed("the host has failed"));
  }

  private void write(boolean mayWait) {
    boolean over = false;
    try {
      writeAll(mayWait);
      over = true;
    } finally {
      if (!over) {
        broken();
      }
    }
  }

  private void writeAll(boolean mayWait) {
    try {
      while (true) {
        ByteBuffer[] views = outbox.next();
        if (views == null) {
          if (!carryOut(outbox.due())) {
            return;
          }
        } else if (!writeSome(views) && !mayWait) {
          continueInWriter();
          return;
        }
      }
    } catch (IOException failure) {
      outbox.fail();
      if (!(failure instanceof ClosedChannelException)) {
        shard.execute(() -> wire.failed(String.valueOf(failure.getMessage())));
      }
    }
  }

  /** Writes once; true when all of it has left. */
  private boolean writeSome(ByteBuffer[] views) throws IOException {
    long sent = views.length == 1 ? channel.write(views[0]) : channel.write(views);
    if (outbox.sent(sent)) {
      shard.execute(wire::drained);
    }
    return !views[views.length - 1].hasRemaining();
  }

  /** Does what was to happen when all has left; true when there may be more to do. */
  private boolean carryOut(Ending ending) throws IOException {
    return switch (ending) {
      case NONE -> false;
      case SHUT_DOWN -> {
        channel.shutdownOutput();
        yield true;
      }
      case CLOSE -> {
        shard.execute(this::close);
        yield true;
      }
    };
  }

  // ---- closing

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    outbox.drop();
    try {
      channel.close();
    } catch (IOException failure) {
      // There is nobody who could do better: the descriptor is gone either way.
      LOG.debug("closing a socket: {}", failure.getMessage());
    }
    wake();
    shard.closed();
    shard.execute(wire::gone);
  }

  @Override
  public void closeFlushed() {
    closeAfterQueue();
  }

  @Override
  public void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException failure) {
      LOG.debug("no reset, the socket is closed: {}", failure.getMessage());
    }
    closeAfterQueue();
  }

  @Override
  public SocketAddress peer() {
    return ends.peer();
  }

  @Override
  public SocketAddress local() {
    return ends.local();
  }
}
