package dev.osprey.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * One thread that serves many connections: a selector, a task queue and timers.
 *
 * <p>Several clients and upstreams may share a loop; that is the cheapest way to run them beside a
 * proxy on two cores. Timers are checked at every turn, so they are precise while there is traffic
 * and up to 1 ms late when there is none.
 */
public final class Loop implements AutoCloseable {
  private static final int READ_BYTES = 128 * 1024;

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::due));
  private final byte[] bytes = new byte[READ_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private List<Wire> dirty = new ArrayList<>();
  private List<Wire> flushing = new ArrayList<>();
  private volatile boolean closed;

  private record Timer(long due, Runnable action) {}

  private Loop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /** Starts a loop with a daemon thread of the given name. */
  public static Loop start(String name) {
    Loop loop = new Loop(name);
    loop.thread.start();
    return loop;
  }

  /** Runs an action on the loop's thread, soon; safe from every thread. */
  public void execute(Runnable action) {
    tasks.add(action);
    if (!isCurrent()) {
      selector.wakeup();
    }
  }

  /** Runs a question on the loop's thread and waits for its answer. */
  public <T> T call(Callable<T> question) {
    if (isCurrent()) {
      return answer(question);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> completeWith(result, question));
    return result.join();
  }

  /**
   * Runs an action on the loop's thread at a time of {@link System#nanoTime()}; safe from every
   * thread.
   */
  public void at(long dueNanos, Runnable action) {
    if (isCurrent()) {
      timers.add(new Timer(dueNanos, action));
    } else {
      execute(() -> timers.add(new Timer(dueNanos, action)));
    }
  }

  /** Opens a connection; refusals arrive at {@link WireHandler#failed}. */
  public void connect(InetSocketAddress target, WireHandler handler) {
    if (isCurrent()) {
      dial(target, handler);
    } else {
      execute(() -> dial(target, handler));
    }
  }

  /** Listens on a loopback port (0: any free one) and returns the address. */
  public Listening listen(int port, Supplier<? extends WireHandler> handlers) {
    return call(() -> bind(port, handlers));
  }

  /** Ends the thread and closes every connection that is still open. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    if (!isCurrent()) {
      joinQuietly();
    }
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  void markDirty(Wire wire) {
    dirty.add(wire);
  }

  private static <T> T answer(Callable<T> question) {
    try {
      return question.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> void completeWith(CompletableFuture<T> result, Callable<T> question) {
    try {
      result.complete(question.call());
    } catch (Exception e) {
      result.completeExceptionally(e);
    }
  }

  private void run() {
    try (selector) {
      while (!closed) {
        turn();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn() throws IOException {
    long wait = waitMillis();
    if (wait == 0) {
      selector.selectNow(this::ready);
    } else {
      selector.select(this::ready, wait < 0 ? 0 : wait);
    }
    runTasks();
    runTimers();
    flushDirty();
  }

  /** How long the selector may sleep: 0 not at all, negative for ever. */
  private long waitMillis() {
    if (!tasks.isEmpty() || !dirty.isEmpty()) {
      return 0;
    }
    Timer next = timers.peek();
    if (next == null) {
      return -1;
    }
    long nanos = next.due() - System.nanoTime();
    return nanos <= 0 ? 0 : nanos / 1_000_000 + 1;
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void runTimers() {
    Timer next = timers.peek();
    if (next == null) {
      return;
    }
    long now = System.nanoTime();
    while (next != null && next.due() - now <= 0) {
      timers.poll();
      next.action().run();
      next = timers.peek();
    }
  }

  private void flushDirty() {
    List<Wire> batch = dirty;
    dirty = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    batch.clear();
  }

  private void ready(SelectionKey key) {
    Object owner = key.attachment();
    if (owner instanceof Wire wire) {
      readyWire(key, wire);
    } else if (owner instanceof Listening listening) {
      accept(listening);
    }
  }

  private void readyWire(SelectionKey key, Wire wire) {
    if (!key.isValid()) {
      return;
    }
    int ops = key.readyOps();
    if ((ops & SelectionKey.OP_CONNECT) != 0) {
      wire.finishConnect();
    }
    if ((ops & SelectionKey.OP_WRITE) != 0) {
      wire.flush();
    }
    if ((ops & SelectionKey.OP_READ) != 0) {
      wire.readNow(buffer, bytes);
    }
  }

  private void accept(Listening listening) {
    try {
      for (SocketChannel channel = listening.accept();
          channel != null;
          channel = listening.accept()) {
        register(channel, listening.newHandler(), SelectionKey.OP_READ).opened();
      }
    } catch (IOException e) {
      listening.refused(e);
    }
  }

  private void dial(InetSocketAddress target, WireHandler handler) {
    try {
      SocketChannel channel = SocketChannel.open();
      Wire wire = register(channel, handler, 0);
      try {
        wire.startConnect(target);
      } catch (IOException e) {
        wire.fail(e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Wire register(SocketChannel channel, WireHandler handler, int ops) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    SelectionKey key = channel.register(selector, ops);
    Wire wire = new Wire(this, channel, key, handler);
    key.attach(wire);
    return wire;
  }

  private Listening bind(int port, Supplier<? extends WireHandler> handlers) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    channel.configureBlocking(false);
    Listening listening = new Listening(this, channel, handlers);
    channel.register(selector, SelectionKey.OP_ACCEPT, listening);
    return listening;
  }

  private void joinQuietly() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
