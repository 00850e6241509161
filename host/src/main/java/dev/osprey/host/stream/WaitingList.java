package dev.osprey.host.stream;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that a connection has told to wait until it takes more of their bodies: of many
 * that are open, only these are looked at when it does.
 */
final class WaitingList {
  private @Nullable Set<Exchange> waiting;

  void add(Exchange exchange) {
    Set<Exchange> all = waiting;
    if (all == null) {
      waiting = all = new LinkedHashSet<>();
    }
    all.add(exchange);
  }

  /** The exchange is over, or waits for another connection. */
  void remove(Exchange exchange) {
    Set<Exchange> all = waiting;
    if (all != null) {
      all.remove(exchange);
    }
  }

  /** Empties the list; who has to wait on adds itself again. */
  void wake(Consumer<Exchange> waker) {
    Set<Exchange> all = waiting;
    if (all == null || all.isEmpty()) {
      return;
    }
    Exchange[] woken = all.toArray(new Exchange[0]);
    all.clear();
    for (Exchange exchange : woken) {
      waker.accept(exchange);
    }
  }
}
