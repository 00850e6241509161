package dev.osprey.host.io;

import dev.osprey.host.fence.TaskFence;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.shard.Accepted;
import dev.osprey.host.shard.Shards;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket with a virtual thread that blocks in its accept. */
final class ThreadListener implements Listening {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadListener.class);
  private static final int BACKLOG = 4096;
  private static final long BREATH_NANOS = 100_000_000L;
  private static final int LOOK_MILLIS = 100;

  private final String name;
  private final InetSocketAddress wanted;
  private final ServerSocketChannel socket;
  private final InetSocketAddress address;
  private final Shards shards;
  private final AtomicInteger open = new AtomicInteger();
  private final List<Acceptor> acceptors = new ArrayList<>();
  private final AtomicLong number = new AtomicLong();
  private volatile boolean closing;
  private volatile boolean held;
  private @Nullable Thread accepting;

  private ThreadListener(ListenerPlan plan, ServerSocketChannel socket, Shards shards)
      throws IOException {
    this.name = plan.name();
    this.wanted = plan.address();
    this.socket = socket;
    this.address = (InetSocketAddress) socket.getLocalAddress();
    this.shards = shards;
  }

  /**
   * Binds without accepting.
   *
   * @param address the plan's, or what its port 0 has become before
   * @param workers one for each shard, in the same order
   * @throws BindFailure when the address can't be had
   */
  static ThreadListener bind(
      ListenerPlan plan,
      InetSocketAddress address,
      Shards shards,
      List<Worker> workers,
      Stats stats)
      throws BindFailure {
    try {
      ThreadListener bound = new ThreadListener(plan, socket(address), shards);
      for (Worker worker : workers) {
        var tally = stats.tally("listener." + plan.name());
        bound.acceptors.add(new Acceptor(worker, plan.name(), tally, bound.open));
      }
      return bound;
    } catch (IOException failure) {
      throw BindFailure.of(plan.name(), address, failure);
    }
  }

  private static ServerSocketChannel socket(InetSocketAddress address) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        // So that a listener can change its I/O model without a moment's gap.
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      return socket.bind(address, BACKLOG);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InetSocketAddress wanted() {
    return wanted;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public IoModel model() {
    return IoModel.THREAD;
  }

  @Override
  public int openConnections() {
    return open.get();
  }

  @Override
  public void accept() {
    accepting = Thread.ofVirtual().name("osprey-accept-" + name).start(this::acceptAll);
  }

  // Whoever closes a socket that somebody waits on loses what has just come: so it looks up itself.
  private void acceptAll() {
    while (!closing) {
      // A mistake of ours, or no memory for a moment, must not end it unseen.
      if (held || !TaskFence.run("accepting at " + name, this::acceptOne)) {
        LockSupport.parkNanos(BREATH_NANOS);
      }
    }
  }

  private void acceptOne() {
    try {
      socket.socket().setSoTimeout(LOOK_MILLIS);
      start(socket.socket().accept().getChannel());
    } catch (SocketTimeoutException nobody) {
      // It looks whether the listener goes on, and waits again.
    } catch (IOException failure) {
      // Out of descriptors, most likely: those that are open go on, and new ones wait.
      LOG.warn("{}: can't accept: {}", name, failure.getMessage());
      LockSupport.parkNanos(BREATH_NANOS);
    }
  }

  /** Takes what waits in the backlog, which the kernel would reset. */
  private void acceptWaiting() throws IOException {
    socket.configureBlocking(false);
    for (SocketChannel next = socket.accept(); next != null; next = socket.accept()) {
      start(next);
    }
  }

  private void start(SocketChannel channel) throws IOException {
    boolean started = false;
    try {
      started = begin(channel);
    } finally {
      if (!started) {
        channel.close();
      }
    }
  }

  private boolean begin(SocketChannel channel) {
    int at = shards.next();
    Acceptor acceptor = acceptors.get(at);
    String thread = "osprey-conn-" + name + "-" + number.incrementAndGet();
    Accepted accepted =
        new Accepted(
            shards.all().get(at),
            channel,
            thread,
            wire -> {
              ListenerPlan plan = acceptor.admit();
              if (plan != null) {
                acceptor.start(plan, wire.apply(plan.bufferLimitBytes()));
              }
            });
    shards.run(thread, accepted);
    return true;
  }

  @Override
  public void hold(boolean on) {
    held = on;
  }

  @Override
  public void close() {
    closing = true;
    try (socket) {
      awaitAcceptor();
      acceptWaiting();
    } catch (IOException failure) {
      LOG.debug("{}: closing: {}", name, failure.getMessage());
    }
  }

  private void awaitAcceptor() {
    Thread acceptor = accepting;
    try {
      if (acceptor != null) {
        acceptor.join();
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
