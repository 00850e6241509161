package dev.osprey.host.overload;

import dev.osprey.spi.Counter;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Watches over the memory of buffers for the whole process. Strands look at each tick and after
 * each share of bytes that they have read; in between they read the level. Thread-safe.
 */
public final class Overload {
  private static final int PERCENT = 100;
  // A level is left this much below where it begins, so that it does not change back and forth.
  private static final int SLACK_PERCENT = 5;
  private static final long MOST_BETWEEN_LOOKS = 1024 * 1024;
  private static final int LOOKS = 64;

  private final BufferMemory memory;
  private final long limit;
  private final long tight;
  private final long full;
  private final long critical;
  private final long slack;
  private final int readBytes;
  private final OverloadLog log;
  private final ReentrantLock relieving = new ReentrantLock();
  private long relieved;
  private volatile Level level = Level.NORMAL;

  /**
   * Where levels begin, and what is a connection's while there is enough.
   *
   * @param tightPercent of the limit of direct memory
   * @param fullPercent of it too, more than {@code tightPercent}
   * @param readBytes most that one read may bring, {@value #LEAST_READ} to {@value #MOST_READ}
   */
  public record Limits(int tightPercent, int fullPercent, int readBytes) {
    /** The least of a process' largest read. */
    public static final int LEAST_READ = 4 * 1024;

    /** Above it nothing is gained, and a turn of a loop gets longer. */
    public static final int MOST_READ = 256 * 1024;

    /** Those of a process that sets none. */
    public static final Limits DEFAULT = new Limits(50, 80, MOST_READ);

    /** Checked. */
    public Limits {
      if (tightPercent < 1 || tightPercent >= fullPercent || fullPercent > PERCENT) {
        throw new IllegalArgumentException(tightPercent + " and " + fullPercent + " percent");
      }
      if (readBytes < LEAST_READ || readBytes > MOST_READ) {
        throw new IllegalArgumentException("reads of " + readBytes + " bytes");
      }
    }
  }

  /**
   * For the memory that Netty counts.
   *
   * @param allocator what most buffers come from
   * @param counters by name
   */
  public Overload(Limits limits, ByteBufAllocator allocator, Function<String, Counter> counters) {
    this(limits, BufferMemory.of(allocator), counters);
  }

  Overload(Limits limits, BufferMemory memory, Function<String, Counter> counters) {
    this.memory = memory;
    this.limit = memory.limit();
    this.tight = limit / PERCENT * limits.tightPercent();
    this.full = limit / PERCENT * limits.fullPercent();
    this.critical = full + (limit - full) / 2;
    this.slack = limit / PERCENT * SLACK_PERCENT;
    this.readBytes = limits.readBytes();
    this.log = new OverloadLog(counters, limit);
  }

  /** The level at the last look. */
  public Level level() {
    return level;
  }

  /** Most that one read may bring at the moment. */
  public int readBytes() {
    return Math.min(readBytes, level.readBytes());
  }

  /** False while new connections have to wait. */
  public boolean isAccepting() {
    return !level.isAtLeast(Level.FULL);
  }

  /** Looks how much is in use. */
  Level look() {
    Level before = level;
    Level next = next(before);
    if (next != before) {
      change(next);
    }
    return next;
  }

  private Level next(Level before) {
    long reserved = memory.reserved();
    if (reserved < tight - slack) {
      return Level.NORMAL;
    }
    long inUse = memory.inUse();
    Level next = Level.NORMAL;
    if (inUse >= begin(Level.CRITICAL, critical, before)) {
      next = Level.CRITICAL;
    } else if (inUse >= begin(Level.FULL, full, before)) {
      next = Level.FULL;
    } else if (inUse >= begin(Level.TIGHT, tight, before) || reserved >= critical) {
      // Small pieces find room in chunks where large ones do not.
      next = Level.TIGHT;
    }
    return next;
  }

  private long begin(Level of, long mark, Level before) {
    return before.isAtLeast(of) ? mark - slack : mark;
  }

  private synchronized void change(Level next) {
    if (level != next) {
      level = next;
      log.changed(next);
    }
  }

  /** How much has to be given back, in bytes; nothing when that is negative. */
  long excess() {
    return memory.inUse() - (full - slack);
  }

  /** How many bytes a strand may read before it looks again. */
  int bytesBetweenLooks() {
    return (int) Math.clamp(limit / LOOKS, 1, MOST_BETWEEN_LOOKS);
  }

  /**
   * Lets one strand at a time free memory; nobody while what was freed a moment ago may not be
   * back.
   *
   * @param work says how many connections it has reset
   */
  void relieve(long now, long pauseNanos, Relieving work) {
    if (relieving.tryLock()) {
      try {
        if (now - relieved >= pauseNanos && work.run() > 0) {
          relieved = now;
        }
      } finally {
        relieving.unlock();
      }
    }
  }

  /** Frees memory. */
  interface Relieving {
    /** Gives the number of connections that were reset. */
    int run();
  }

  /** Notes that a connection was reset. */
  void reset(Object peer, long bytes) {
    log.reset(peer, bytes);
  }

  /** Tells what has happened, if anything has; once a second at most. */
  void tell(long now) {
    if (log.isDue(now)) {
      log.tell(now, memory.inUse());
    }
  }
}
