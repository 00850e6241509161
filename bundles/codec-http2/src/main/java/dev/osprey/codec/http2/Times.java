package dev.osprey.codec.http2;

import dev.osprey.spi.codec.CodecHost;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a connection has to be looked at though nothing comes: to ask whether the peer is still
 * there, because what is written does not leave, and because what was begun is not ended. The host
 * keeps one alarm for all of it.
 */
final class Times {
  /** There is no such time. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long AT_ONCE = Long.MIN_VALUE;

  /** How long body bytes are gathered at most. */
  private static final Duration GATHERED = Duration.ofMillis(200);

  private final State state;
  private final CodecHost host;
  private final Timeouts timeouts;
  private final LongSupplier clock;

  Times(State state, CodecHost host, Timeouts timeouts, LongSupplier clock) {
    this.state = state;
    this.host = host;
    this.timeouts = timeouts;
    this.clock = clock;
  }

  /** Begins to ask for signs of life, when that is configured; called for each piece that comes. */
  void heard() {
    state.heard = true;
    if (state.pingAt == NEVER && timeouts.asksForLife()) {
      pingAfter(timeouts.pingInterval());
    }
  }

  /** The peer has answered. */
  void answered() {
    state.pinged = false;
    if (timeouts.asksForLife()) {
      pingAfter(timeouts.pingInterval());
    }
  }

  private void pingAfter(Duration delay) {
    state.pingAt = clock.getAsLong() + delay.toNanos();
    ask();
  }

  /** Something is written that does not leave. */
  void waits() {
    if (state.flushAt == NEVER && !timeouts.flush().isZero()) {
      state.flushAt = clock.getAsLong() + timeouts.flush().toNanos();
      ask();
    }
  }

  /** A field block has begun and has not ended. */
  void blockBegins() {
    if (!timeouts.fieldBlock().isZero()) {
      state.blockAt = clock.getAsLong() + timeouts.fieldBlock().toNanos();
      ask();
    }
  }

  /** Body bytes are gathered. */
  void gathers() {
    if (state.gatherAt == NEVER) {
      state.gatherAt = clock.getAsLong() + GATHERED.toNanos();
      ask();
    }
  }

  /** The connection must end, but not from inside the call that found it out. */
  void endSoon() {
    if (state.wakeAt != AT_ONCE) {
      state.wakeAt = AT_ONCE;
      host.wakeAfter(Duration.ZERO);
    }
  }

  private void ask() {
    long next =
        Math.min(Math.min(state.pingAt, state.flushAt), Math.min(state.blockAt, state.gatherAt));
    if (next < state.wakeAt) {
      state.wakeAt = next;
      host.wakeAfter(Duration.ofNanos(Math.max(0, next - clock.getAsLong())));
    }
  }

  /** The alarm has rung: does what is due and asks for the next one. */
  void wake(Connection connection) {
    long now = clock.getAsLong();
    state.wakeAt = NEVER;
    if (state.budgets.isOverdrawn()) {
      connection.flood(state.budgets.overdraft());
    }
    if (!state.over && state.pingAt <= now) {
      life(connection, now);
    }
    if (!state.over && state.flushAt <= now) {
      boolean goesOn = connection.flushLate(timeouts.flush());
      state.flushAt = goesOn ? now + timeouts.flush().toNanos() : NEVER;
    }
    if (!state.over && state.gatherAt <= now) {
      state.gatherAt = NEVER;
      connection.flushGathered();
    }
    if (!state.over && state.blockAt <= now) {
      connection.blockLate();
    }
    if (!state.over) {
      ask();
    }
  }

  private void life(Connection connection, long now) {
    if (!timeouts.asksForLife()) {
      state.pinged = false;
      state.pingAt = NEVER;
    } else if (!state.pinged) {
      state.pinged = true;
      state.heard = false;
      state.pingAt = now + timeouts.pingTimeout().toNanos();
      connection.out.ping(Goodbyes.ALIVE_PING, false);
    } else if (state.heard) {
      // Its answer may be behind what it sends: that is a sign of life too.
      state.heard = false;
      state.pingAt = now + timeouts.pingTimeout().toNanos();
    } else {
      connection.timedOut(Counters.Event.KEEPALIVE_TIMEOUT, "no answer to a keep-alive PING");
    }
  }
}
