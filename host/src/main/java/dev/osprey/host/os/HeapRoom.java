package dev.osprey.host.os;

import java.util.Optional;

/**
 * How full the heap may get before a concurrent collector begins its next cycle. Little at rest, so
 * that little memory is held; more where more lives, because a collector that is told to stay below
 * what lives never stops collecting; and more where it would begin more than once in two seconds.
 * One thread.
 */
public final class HeapRoom {
  private static final long MIB = 1 << 20;
  private static final long LEAST_LIMIT = 40 * MIB;
  private static final long LEAST_ROOM = 24 * MIB;
  private static final int LOOKS_A_SPELL = 2;
  private static final double NANOS_A_SECOND = 1e9;

  private final Jvm jvm;
  private int looks;
  private long spellBegan;
  private long cyclesBefore;
  private long leastUsed = Long.MAX_VALUE;
  private long room = LEAST_ROOM;
  private long told;

  HeapRoom(Jvm jvm, long nanoTime) {
    this.jvm = jvm;
    this.spellBegan = nanoTime;
    this.cyclesBefore = jvm.cycles();
    this.told = jvm.limit();
  }

  /** The heap of this process, its sizes in bytes. */
  interface Jvm {
    /** In use, with what is garbage already. */
    long used();

    /** It can't get larger. */
    long most();

    /** How often it has been collected since the start. */
    long cycles();

    /** Above it the next cycle begins. */
    long limit();

    /** Collect before more is in use; counts from the end of the next cycle on. */
    void collectBelow(long limit);
  }

  /** Empty unless the start script has chosen a collector that takes a limit while it runs. */
  public static Optional<HeapRoom> find() {
    return Boolean.getBoolean("osprey.heap.adapts")
        ? HotSpotHeap.find().map(heap -> new HeapRoom(heap, System.nanoTime()))
        : Optional.empty();
  }

  /** To be called about once a second; each second call may change the limit. */
  public void look() {
    look(System.nanoTime());
  }

  void look(long nanoTime) {
    leastUsed = Math.min(leastUsed, jvm.used());
    if (++looks % LOOKS_A_SPELL == 0) {
      long cycles = jvm.cycles();
      judge(cycles - cyclesBefore, (nanoTime - spellBegan) / NANOS_A_SECOND);
      cyclesBefore = cycles;
      spellBegan = nanoTime;
      leastUsed = Long.MAX_VALUE;
    }
  }

  private void judge(long cycles, double seconds) {
    if (cycles > seconds / 2) {
      // What is left of the heap is for what is allocated while a cycle runs.
      room = Math.min(2 * room, jvm.most() / 2);
    } else if (cycles < seconds / 8) {
      room = Math.max(room - room / 4, LEAST_ROOM);
    }
    // Between two cycles the least is no sign of what lives.
    if (cycles > 0) {
      tell(Math.clamp(leastUsed + room, LEAST_LIMIT, Math.max(LEAST_LIMIT, jvm.most())));
    }
  }

  private void tell(long limit) {
    boolean atAnEnd = limit == LEAST_LIMIT || limit == jvm.most();
    if (limit != told && (atAnEnd || Math.abs(limit - told) > told / 8)) {
      told = limit;
      jvm.collectBelow(limit);
    }
  }
}
