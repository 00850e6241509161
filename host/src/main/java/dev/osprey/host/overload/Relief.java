package dev.osprey.host.overload;

import dev.osprey.host.fence.TaskFence;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Clock;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.spi.message.Reset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One strand's part in an overload: notes which of its peers take nothing of what they make it
 * hold, and resets the worst when there is no other way. Costs nothing while there is enough
 * memory. Runs on its strand.
 */
public final class Relief {
  // Who has taken nothing for that long may be reset.
  private static final long PATIENCE_NANOS = 2 * Wheel.TICK_NANOS;
  // What was reset gives its memory back a moment later under the thread model.
  private static final long PAUSE_NANOS = 10_000_000L;

  private final Loop loop;
  private final Overload overload;
  private final Runnable work = this::work;
  private Map<Wire, Stall> stalls = new HashMap<>(0);

  private Relief(Loop loop, Overload overload) {
    this.loop = loop;
    this.overload = overload;
  }

  /** Makes a strand watch its part; before it starts. */
  public static void install(Loop loop, Overload overload) {
    Relief relief = new Relief(loop, overload);
    loop.watch(new Watch(overload, overload.bytesBetweenLooks(), relief::look));
    loop.everyTick(relief::tick);
  }

  private void tick() {
    if (overload.look() == Level.NORMAL) {
      if (!stalls.isEmpty()) {
        stalls = new HashMap<>(0);
      }
    } else {
      work();
    }
    overload.tell(loop.now());
  }

  // Between two ticks only when there is no time until the next.
  private void look() {
    if (overload.look() == Level.CRITICAL) {
      var _ = TaskFence.run("freeing memory", work);
    }
  }

  private void work() {
    note();
    if (overload.level().isAtLeast(Level.FULL)) {
      overload.relieve(Clock.nanos(), PAUSE_NANOS, this::resetWorst);
    }
  }

  // ---- who takes nothing

  private void note() {
    Map<Wire, Stall> next = new HashMap<>();
    long now = loop.now();
    loop.forEach(connection -> {
      long beside = connection.heldBytes();
      connection.wires(wire -> note(wire, wire.heldBytes() + beside, now, next));
    });
    stalls = next;
  }

  private void note(Wire wire, long held, long now, Map<Wire, Stall> next) {
    if (held > 0 && !wire.isCut()) {
      Stall known = stalls.get(wire);
      long taken = wire.takenBytes();
      long since = known == null || taken > known.taken() ? now : known.since();
      next.put(wire, new Stall(wire, held, taken, since));
    }
  }

  /**
   * A peer that makes us hold bytes.
   *
   * @param taken what it has taken so far
   * @param since when it had last taken something, as far as it is known
   */
  private record Stall(Wire wire, long held, long taken, long since) {
    double weight(long now) {
      return (double) held * (now - since + Wheel.TICK_NANOS);
    }
  }

  // ---- the end of the worst

  private int resetWorst() {
    long now = loop.now();
    long patience = overload.level() == Level.CRITICAL ? 0 : PATIENCE_NANOS;
    List<Stall> worst = new ArrayList<>(stalls.values());
    worst.removeIf(stall -> now - stall.since() < patience);
    worst.sort(Comparator.comparingDouble((Stall stall) -> stall.weight(now)).reversed());
    long goal = overload.excess();
    long freed = 0;
    int count = 0;
    while (count < worst.size() && freed < goal && overload.excess() > 0) {
      Stall stall = worst.get(count++);
      freed += stall.held();
      reset(stall);
    }
    return count;
  }

  private void reset(Stall stall) {
    Wire wire = stall.wire();
    overload.reset(AddressText.of(wire.peer()), stall.held());
    String detail = "overload: " + stall.held() + " bytes wait for a peer that takes nothing";
    wire.cut(Reset.byHost(Reset.Reason.OVERFLOW, detail));
  }
}
