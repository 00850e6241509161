package dev.osprey.host.loop;

import dev.osprey.host.fence.TaskFence;
import dev.osprey.host.overload.Watch;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The strand of all connections that live on it: an event loop of the reactor, or a shard of the
 * thread model. Everything here is touched inside the strand only, but for {@link #execute}.
 */
public final class Loop implements Executor {
  private static final int SLICE = 500;
  private static final long SLICE_NANOS = 1_000_000L;

  private final int index;
  private final IoModel model;
  private final Executor executor;
  private final ByteBufAllocator allocator;
  private final Wheel wheel = new Wheel();
  private final SplittableRandom random = new SplittableRandom();
  private final List<Runnable> everyTick = new ArrayList<>();
  private final Runnable advance = this::advance;
  private final Runnable flush = this::flushDirty;
  private final Runnable flushGathered = this::flushGathered;
  private Generation generation = Generation.EMPTY;
  private @Nullable Adoption adoption;
  private @Nullable Connection[] connections = new Connection[64];
  private int count;
  private @Nullable Wire[] dirty = new Wire[16];
  private int dirtyCount;
  private @Nullable Wire[] gathered = new Wire[16];
  private int gatheredCount;
  private final SpareBuffer spare = new SpareBuffer();
  private boolean hasTurns;
  private long now = Clock.nanos();
  private boolean draining;
  private Watch watch = Watch.NONE;

  /**
   * A loop that does nothing yet.
   *
   * @param executor runs tasks inside the strand, in turn and never from inside the call
   */
  public Loop(int index, IoModel model, Executor executor, ByteBufAllocator allocator) {
    this.index = index;
    this.model = model;
    this.executor = executor;
    this.allocator = allocator;
  }

  /** Number of the loop, from 0. */
  public int index() {
    return index;
  }

  /** What moves the bytes of its connections. */
  public IoModel model() {
    return model;
  }

  /** What runs its tasks. */
  public Executor executor() {
    return executor;
  }

  /** Where its buffers come from. */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /**
   * An empty buffer to read into, of at least so many bytes; for one whose turns end ({@link
   * #endTurn}), where small ones are used again within a turn.
   */
  public @Owned ByteBuf forRead(int size) {
    return spare.lend(size, allocator);
  }

  /** How scarce the memory of buffers is. */
  public Watch watch() {
    return watch;
  }

  /** Sets what watches the memory of buffers; before anything runs here. */
  public void watch(Watch ours) {
    watch = ours;
  }

  /** Its timers. */
  public Wheel wheel() {
    return wheel;
  }

  /** The plans for new work. */
  public Generation generation() {
    return generation;
  }

  /** The time of the current event, in nanoseconds of {@link Clock}. */
  public long now() {
    return now;
  }

  /** Reads the clock; at the start of every event. */
  public void touch() {
    now = Clock.nanos();
  }

  /** A random number, evenly spread over all ints. */
  public int random() {
    return random.nextInt();
  }

  /** True once the process says goodbye. */
  public boolean isDraining() {
    return draining;
  }

  /** How many connections live here. */
  public int connectionCount() {
    return count;
  }

  /** Calls {@code work} about every 50 ms. */
  public void everyTick(Runnable work) {
    everyTick.add(work);
  }

  /** Runs a task on the loop and sends what it wrote, now or in this turn; from any thread. */
  @Override
  public void execute(Runnable task) {
    executor.execute(() -> {
      touch();
      var _ = TaskFence.run("a task", task);
      flushDirty();
    });
  }

  /**
   * Lets time go on: timers, and what wants it {@link #everyTick}; about every 50 ms. Throws
   * nothing, because who calls it would not call again.
   */
  public void tick() {
    touch();
    var _ = TaskFence.run("a timer", advance);
    for (int i = 0; i < everyTick.size(); i++) {
      var _ = TaskFence.run("what is done at each tick", everyTick.get(i));
    }
    flushAll();
  }

  // These may come before many other tasks of the turn, which what they wrote need not wait for.
  private void flushAll() {
    var _ = TaskFence.run("sending", flush);
    var _ = endTurn();
  }

  private void advance() {
    wheel.advance(now);
  }

  /** Takes in a connection. */
  public void add(Connection connection) {
    if (count == connections.length) {
      connections = Arrays.copyOf(connections, count * 2);
    }
    connection.place(count);
    connections[count++] = connection;
  }

  /** Lets a connection go. */
  public void remove(Connection connection) {
    int place = connection.place();
    if (place < 0) {
      return;
    }
    Connection last = at(--count);
    connections[place] = last;
    last.place(place);
    connections[count] = null;
    connection.place(-1);
  }

  /** Calls {@code visitor} for every connection; it may end them. */
  public void forEach(Consumer<Connection> visitor) {
    for (int i = count - 1; i >= 0; i--) {
      if (i < count) {
        visitor.accept(at(i));
      }
    }
  }

  /** Remembers that a wire has something to send. */
  public void markDirty(Wire wire) {
    if (dirtyCount == dirty.length) {
      dirty = Arrays.copyOf(dirty, dirtyCount * 2);
    }
    dirty[dirtyCount++] = wire;
  }

  /** Sends what was written during the current event, but for what waits for {@link #endTurn}. */
  public void flushDirty() {
    for (int i = 0; i < dirtyCount; i++) {
      Wire wire = dirty[i];
      dirty[i] = null;
      if (wire != null) {
        wire.flushNow();
      }
    }
    dirtyCount = 0;
  }

  /**
   * From now on somebody calls {@link #endTurn} each time before the loop waits (a shard: behind
   * the threads that are ready to run): wires that many streams share are sent then, and no longer
   * at the end of each event. On the loop, or before it runs.
   */
  public void beginTurns() {
    hasTurns = true;
    if (Thread.currentThread() instanceof LoopThread thread) {
      thread.serve(this);
    }
  }

  /** True when there is an end of a turn to wait for. */
  boolean hasTurns() {
    return hasTurns;
  }

  /** True when something waits for {@link #endTurn}. */
  public boolean hasGathered() {
    return gatheredCount > 0;
  }

  /** Remembers that a wire has something to send at the end of the turn. */
  void gather(Wire wire) {
    if (gatheredCount == gathered.length) {
      gathered = Arrays.copyOf(gathered, gatheredCount * 2);
    }
    gathered[gatheredCount++] = wire;
  }

  /**
   * Sends what was written during the turn to wires that many streams share; throws nothing.
   *
   * @return true when there was some, which may have set other things going
   */
  public boolean endTurn() {
    spare.drop();
    boolean any = gatheredCount > 0;
    while (gatheredCount > 0) {
      // One that throws is out of the list, and the others have their turn.
      var _ = TaskFence.run("sending", flushGathered);
    }
    return any;
  }

  private void flushGathered() {
    while (gatheredCount > 0) {
      Wire wire = gathered[--gatheredCount];
      gathered[gatheredCount] = null;
      if (wire != null) {
        wire.flushGathered();
      }
    }
  }

  /**
   * Switches to the next generation and moves the connections in slices. On the loop. A move that
   * is not done yet stops and is acknowledged with this one, which moves everything.
   *
   * @param whenDone gets the counts and the longest slice in nanoseconds
   */
  public void adopt(Generation next, Takeover takeover, AdoptionListener whenDone) {
    generation = next;
    var _ = TaskFence.run("taking over generation " + next.number(), takeover::begin);
    Adoption fresh = new Adoption(next, takeover, whenDone, adoption);
    adoption = fresh;
    fresh.run();
  }

  /** Says goodbye to all, at drain. */
  public void drain() {
    draining = true;
    forEach(Connection::goodbye);
  }

  /** Closes all at once. */
  public void abortAll(Reset why) {
    forEach(connection -> connection.abort(why));
  }

  private Connection at(int place) {
    Connection connection = connections[place];
    if (connection == null) {
      throw new IllegalStateException("no connection at " + place + " of " + count);
    }
    return connection;
  }

  /** What else of a generation a loop takes over, before its connections move. */
  public interface Takeover {
    /** Begins; work that does not grow with the generation. */
    void begin();

    /** Does some of the rest, for less than half a millisecond; true while any is left. */
    default boolean goOn() {
      return false;
    }
  }

  /** Who wants to know that a loop has moved its connections. */
  public interface AdoptionListener {
    /** All connections of the loop run on the new plans. */
    void adopted(Connection.Moving moving, long longestSliceNanos);
  }

  /** Moves connections from the end of the table to its start; new ones are new already. */
  @SuppressWarnings("ReferenceEquality") // the very same move is meant
  private final class Adoption implements Runnable {
    private final Generation target;
    private final Takeover takeover;
    private final AdoptionListener whenDone;
    private final @Nullable Adoption overtaken;
    private final Connection.Moving moving = new Connection.Moving();
    private boolean takesOver = true;
    private int next;
    private long longest;

    Adoption(
        Generation target,
        Takeover takeover,
        AdoptionListener whenDone,
        @Nullable Adoption overtaken) {
      this.target = target;
      this.takeover = takeover;
      this.whenDone = whenDone;
      this.overtaken = overtaken;
      this.next = count - 1;
    }

    @Override
    public void run() {
      if (adoption != this) {
        return;
      }
      touch();
      long start = now;
      if (takesOver) {
        takesOver = false;
        var _ = TaskFence.run("taking over", () -> takesOver = takeover.goOn());
      }
      int done = takesOver ? SLICE : 0;
      next = Math.min(next, count - 1);
      while (next >= 0 && done < SLICE) {
        adopt(at(next));
        next = Math.min(next - 1, count - 1);
        done++;
        if ((done & 15) == 0 && Clock.nanos() - start > SLICE_NANOS / 2) {
          break;
        }
      }
      flushAll();
      longest = Math.max(longest, Clock.nanos() - start);
      if (takesOver || next >= 0) {
        executor.execute(this);
      } else {
        adoption = null;
        acknowledge();
      }
    }

    private void acknowledge() {
      if (overtaken != null) {
        overtaken.acknowledge();
      }
      whenDone.adopted(moving, longest);
    }

    private void adopt(Connection connection) {
      // A mistake of ours in one connection must not leave the others on the old plans.
      if (!TaskFence.run("moving a connection", () -> connection.adopt(target, moving))) {
        connection.abort(Reset.byHost(Reset.Reason.EXTENSION_FAILURE, "could not be moved"));
      }
    }
  }
}
