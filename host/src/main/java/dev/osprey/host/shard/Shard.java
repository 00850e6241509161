package dev.osprey.host.shard;

import dev.osprey.host.fence.TaskFence;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.plan.IoModel;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A strand of the thread model: what an event loop is to the reactor, but entered by whichever
 * thread has something to tell it. Nothing inside it blocks; what an event wants to be sent is
 * handed to the thread that leaves, which sends it outside.
 */
public final class Shard implements Executor {
  private static final long STUCK_NANOS = Wheel.TICK_NANOS / 2;
  private static final long LATE_NANOS = Wheel.TICK_NANOS * 3 / 2;

  private final Loop loop;
  private final SpareThreads spares;
  private final ReentrantLock strand = new ReentrantLock();
  private final Object mailbox = new Object();
  private List<Runnable> posted = new ArrayList<>();
  private List<Runnable> running = new ArrayList<>();
  private final List<BlockingConduit> ready = new ArrayList<>();
  private final List<Reader> watched = new ArrayList<>();
  private volatile boolean hasPosted;
  private volatile boolean stopped;
  // The strand's: when time went on last, in nanoseconds of Clock; far ahead before the first time.
  private long passed = Long.MAX_VALUE;
  // The strand's: a thread is on its way that ends the turn.
  private boolean turnEnds;
  // The strand's: bytes that all sockets have brought.
  private long received;
  // Written inside the strand; the clock reads it a tick late at most.
  private int sockets;

  Shard(int index, ByteBufAllocator allocator, SpareThreads spares) {
    this.spares = spares;
    this.loop = new Loop(index, IoModel.THREAD, this, allocator);
  }

  /** What lives in it. */
  public Loop loop() {
    return loop;
  }

  /** Virtual threads for what does not live in the strand. */
  SpareThreads spares() {
    return spares;
  }

  /** Starts its clock. */
  void start() {
    loop.beginTurns();
    var _ = Thread.ofVirtual().name("osprey-shard-" + loop.index()).start(this::keepTime);
  }

  /** Stops its clock once all its sockets are closed; their connections have to be before. */
  void stop() {
    stopped = true;
  }

  /** A socket is here now; inside the strand. */
  void opened() {
    sockets++;
  }

  /** A socket is closed; inside the strand. */
  void closed() {
    sockets--;
  }

  /** Bytes have come; inside the strand. Returns what came so far from all sockets. */
  long received(int bytes) {
    received += bytes;
    return received;
  }

  private void keepTime() {
    try {
      while (isNeeded()) {
        LockSupport.parkNanos(Wheel.TICK_NANOS);
        tick();
      }
    } finally {
      if (isNeeded()) {
        // A mistake of ours ended it; time must not stand still for the others.
        start();
      }
    }
  }

  // Who closes politely lingers for a moment, on this clock.
  private boolean isNeeded() {
    return !stopped || sockets > 0;
  }

  private void tick() {
    strand.lock();
    try {
      pass();
    } finally {
      leave();
    }
  }

  private void pass() {
    loop.tick();
    passed = loop.now();
    lookAfterSenders();
  }

  // ---- the strand

  /** Waits for the strand and takes it. */
  void enter() {
    strand.lock();
    loop.touch();
  }

  /** Leaves the strand; {@code reader} gets what there is to send. */
  void leave(Reader reader) {
    try {
      settle();
      if (!ready.isEmpty()) {
        reader.take(ready);
        ready.clear();
        if (reader.sendsFrom(loop.now())) {
          watched.add(reader);
        }
      }
    } finally {
      unlock();
    }
  }

  /** Leaves the strand; threads of their own send what there is. */
  void leave() {
    try {
      settle();
      startWriters();
    } finally {
      unlock();
    }
  }

  private void startWriters() {
    ready.forEach(BlockingConduit::startWriter);
    ready.clear();
  }

  private void settle() {
    if (loop.now() - passed > LATE_NANOS) {
      // Its own thread is kept waiting by those that are ready.
      pass();
    }
    runPosted();
    loop.flushDirty();
    if (loop.hasGathered() && !turnEnds) {
      startEndOfTurn();
    }
  }

  private void unlock() {
    strand.unlock();
    if (hasPosted) {
      startDrainer();
    }
  }

  // It runs behind all threads that are ready now: what they have to say leaves with what there is.
  private void startEndOfTurn() {
    try {
      var _ =
          Thread.ofVirtual().name("osprey-shard-" + loop.index() + "-turn").start(this::endTurn);
      turnEnds = true;
    } finally {
      if (!turnEnds) {
        var _ = loop.endTurn();
      }
    }
  }

  private void endTurn() {
    enter();
    turnEnds = false;
    BlockingConduit own = null;
    try {
      var _ = loop.endTurn();
      settle();
      own = ready.isEmpty() ? null : ready.removeLast();
      startWriters();
    } finally {
      unlock();
    }
    if (own != null) {
      // Nobody waits for this thread, so it may wait for the peer.
      own.sendAll();
    }
  }

  /** Remembers that a conduit has something to send; inside the strand. */
  void ready(BlockingConduit conduit) {
    ready.add(conduit);
  }

  // ---- tasks

  @Override
  public void execute(Runnable task) {
    synchronized (mailbox) {
      posted.add(task);
      hasPosted = true;
    }
    // Who is inside looks for tasks after it has left: one of the two sees the other.
    if (!strand.isLocked()) {
      startDrainer();
    }
  }

  private void startDrainer() {
    spares.run("osprey-shard-" + loop.index() + "-task", this::drain);
  }

  private void drain() {
    enter();
    leave();
  }

  // What these tasks post themselves runs in the next turn, so that others come between.
  private void runPosted() {
    if (!hasPosted) {
      return;
    }
    synchronized (mailbox) {
      List<Runnable> batch = posted;
      posted = running;
      running = batch;
      hasPosted = false;
    }
    int done = 0;
    try {
      while (done < running.size()) {
        var _ = TaskFence.run("a task", running.get(done++));
      }
    } finally {
      // Usually there is no rest: only an error gets out of a task.
      running.subList(done, running.size()).forEach(this::execute);
      running.clear();
    }
  }

  // ---- threads that are stuck in a write

  private void lookAfterSenders() {
    long now = loop.now();
    for (int i = watched.size() - 1; i >= 0; i--) {
      Reader next = watched.get(i).watch(now, STUCK_NANOS);
      if (next == null) {
        watched.set(i, watched.getLast());
        watched.removeLast();
      } else {
        watched.set(i, next);
      }
    }
  }
}
