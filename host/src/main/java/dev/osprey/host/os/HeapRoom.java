package dev.osprey.host.os;

import java.util.Optional;

/**
 * How full the heap may get before a concurrent collector begins its next cycle, and when memory
 * goes back. Little at rest, so that little is held; more where more lives, because a collector
 * that is told to stay below what lives never stops collecting; and more where it would begin more
 * than once a second. Memory goes back only at rest: whoever wants to allocate meanwhile waits, for
 * as long as 20 ms. One thread.
 */
public final class HeapRoom {
  private static final long MIB = 1 << 20;
  private static final long LEAST_LIMIT = 40 * MIB;
  private static final long LEAST_ROOM = 24 * MIB;
  private static final int LOOKS_A_SPELL = 2;
  private static final double NANOS_A_SECOND = 1e9;
  // Allocated from one look to the next; housekeeping and a few requests.
  private static final long LITTLE = MIB / 2;
  private static final int QUIET_LOOKS = 2;
  private static final long WORTH_IT = 8 * MIB;

  private final Jvm jvm;
  private int looks;
  private long spellBegan;
  private long cyclesBefore;
  private long leastUsed = Long.MAX_VALUE;
  private long room = LEAST_ROOM;
  private long told;
  private long lives;
  private long lastUsed;
  private long lastCycles;
  private int quietLooks;

  HeapRoom(Jvm jvm, long nanoTime) {
    this.jvm = jvm;
    this.spellBegan = nanoTime;
    this.told = jvm.limit();
    this.lives = jvm.used();
    this.cyclesBefore = jvm.cycles();
    remember();
  }

  /** The heap of this process, its sizes in bytes. */
  interface Jvm {
    /** In use, with what is garbage already. */
    long used();

    /** Had from the operating system. */
    long held();

    /** It can't get larger. */
    long most();

    /** How often it has been collected since the start. */
    long cycles();

    /** Above it the next cycle begins. */
    long limit();

    /** Collect before more is in use; counts from the end of the next cycle on. */
    void collectBelow(long limit);

    /** Collects, beside whatever else runs, and gives back what is held for nothing. */
    void giveBack();
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
    boolean quiet = jvm.cycles() == lastCycles && jvm.used() - lastUsed < LITTLE;
    quietLooks = quiet ? quietLooks + 1 : 0;
    // What the collector had not yet swept stays held the first time.
    if (quietLooks == QUIET_LOOKS || quietLooks == 2 * QUIET_LOOKS) {
      rest();
    }
    remember();
  }

  private void judge(long cycles, double seconds) {
    if (cycles > seconds) {
      // What is left of the heap is for what is allocated while a cycle runs.
      room = Math.min(2 * room, jvm.most() / 2);
    } else if (cycles < seconds / 4) {
      room = Math.max(room - room / 4, LEAST_ROOM);
    }
    // Between two cycles the least is no sign of what lives.
    if (cycles > 0) {
      lives = leastUsed;
      raise(limit());
    }
  }

  private long limit() {
    return Math.clamp(lives + room, LEAST_LIMIT, Math.max(LEAST_LIMIT, jvm.most()));
  }

  // A limit below what is held makes the collector give the rest back, at once.
  private void raise(long limit) {
    if (limit > told && (limit == jvm.most() || limit - told > told / 8)) {
      tell(Math.min(Math.max(limit, jvm.held()), jvm.most()));
    }
  }

  private void rest() {
    if (jvm.held() > Math.max(lives + LEAST_ROOM, LEAST_LIMIT) + WORTH_IT) {
      room = LEAST_ROOM;
      tell(limit());
      jvm.giveBack();
    }
  }

  private void tell(long limit) {
    if (limit != told) {
      told = limit;
      jvm.collectBelow(limit);
    }
  }

  private void remember() {
    lastUsed = jvm.used();
    lastCycles = jvm.cycles();
  }
}
